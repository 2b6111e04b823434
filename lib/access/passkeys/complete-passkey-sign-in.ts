import { eq } from "drizzle-orm";
import { z } from "zod";
import { checkPasskey } from "@/lib/access/passkeys/check-passkey";
import { passkeyAssertion } from "@/lib/access/passkeys/passkey-response";
import { passkeyRefused, refusedCounter } from "@/lib/access/passkeys/refused-passkey";
import { maySignInLocally } from "@/lib/access/sign-in/local-sign-in";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { command, refuse, refuseUnrecorded } from "@/lib/operation/operation";

/**
 * Signs in with a passkey alone: the authenticator has it and has verified the person, so it counts as both factors.
 * Ends in a ticket for `startSessionByTicket`. Who signs in at the provider only cannot go round it.
 * @param input `response`: of `navigator.credentials.get`, as JSON
 * @throws AppError `malformed_request`, `passkey_refused`, `local_sign_in_off`, `passkeys_unavailable`
 */
export const completePasskeySignIn = command({
  permission: "session:start",
  input: z.object({ response: passkeyAssertion }),
  audits: ["session.start_failed", "second_factor.counter_refused"],
  run: async ({ tx, input: { response } }) => {
    const checked = await checkPasskey(tx, response, { use: "sign_in", userId: null, boundTo: "" });
    const { userId } = checked;
    if (!checked.isRight && checked.problem === "counter" && userId) return refusedCounter(tx, userId);
    if (!checked.isRight) return refused(userId, passkeyRefused());
    const user = await findUser(tx, checked.userId);
    if (!user?.active) return refused(userId, passkeyRefused());
    if (user.ssoOnly || !(await maySignInLocally(tx, user))) return refused(userId, new AppError("local_sign_in_off"));
    const ticket = await issueSignInTicket(tx, { userId: checked.userId, methods: ["passkey"] });
    return { result: { ticket }, unchanged: true as const };
  },
});

async function findUser(tx: Transaction, userId: string) {
  const { active, breakGlass, ssoOnly } = users;
  const [user] = await tx.select({ active, breakGlass, ssoOnly }).from(users).where(eq(users.id, userId));
  return user;
}

/** Unknown passkeys share one quota of events. */
function refused(userId: string | null, refusal: AppError) {
  if (!takeDenialQuota(`sign-in unknown ${userId ?? "nobody"}`)) return refuseUnrecorded(refusal);
  const outcome = refusal.code === "passkey_refused" ? ("failure" as const) : ("denied" as const);
  const target = userId ? { type: "user", id: userId } : undefined;
  return refuse(refusal, auditEvent("session.start_failed", { outcome, target, details: { signInMethod: "passkey" } }));
}
