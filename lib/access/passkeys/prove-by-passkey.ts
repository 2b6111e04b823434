import { z } from "zod";
import { checkPasskey } from "@/lib/access/passkeys/check-passkey";
import { passkeyAssertion } from "@/lib/access/passkeys/passkey-response";
import { refusedProof } from "@/lib/access/passkeys/refused-passkey";
import { lockOwnRow, recordProof, userOnly } from "@/lib/access/second-factor/own-session";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Proves again who uses an open session, by a passkey. Operations with `freshProof` then run for ten minutes.
 * @param input `response`: of `navigator.credentials.get`, as JSON
 * @throws AppError `malformed_request`, `passkey_refused`, `passkeys_unavailable`
 */
export const proveByPasskey = command({
  permission: "account:prove",
  input: z.object({ response: passkeyAssertion }),
  audits: ["second_factor.proof_given", "second_factor.proof_failed", "second_factor.counter_refused"],
  run: async ({ tx, actor, input: { response } }) => {
    const user = userOnly(actor);
    await lockOwnRow(tx, user);
    const { userId, sessionId } = user;
    const checked = await checkPasskey(tx, response, { use: "prove", userId, boundTo: sessionId });
    if (!checked.isRight) return refusedProof(tx, userId, checked.problem);
    await recordProof(tx, user, "passkey");
    const details = { signInMethod: "passkey" };
    const given = auditEvent("second_factor.proof_given", { target: { type: "user", id: userId }, details });
    return { result: { method: "passkey" as const }, audits: [given] };
  },
});
