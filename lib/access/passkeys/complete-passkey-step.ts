import { z } from "zod";
import { checkPasskey } from "@/lib/access/passkeys/check-passkey";
import { passkeyAssertion } from "@/lib/access/passkeys/passkey-response";
import { refusedProof } from "@/lib/access/passkeys/refused-passkey";
import { closeSignInChallenge, findSignInChallenge } from "@/lib/access/sign-in/sign-in-challenge";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/**
 * The second step of a sign-in, by a passkey. Ends in a ticket for `startSessionByTicket`.
 * @param input `response`: of `navigator.credentials.get`, as JSON
 * @throws AppError `sign_in_expired`, `malformed_request`, `passkey_refused`, `passkeys_unavailable`
 */
export const completePasskeyStep = command({
  permission: "session:start",
  input: z.object({ challenge: z.string().min(1).max(100), response: passkeyAssertion }),
  audits: ["second_factor.proof_failed", "second_factor.counter_refused"],
  run: async ({ tx, input: { challenge, response } }) => {
    const first = await findSignInChallenge(tx, challenge);
    if (!first) throw new AppError("sign_in_expired", "no open sign-in challenge");
    const { userId } = first;
    const checked = await checkPasskey(tx, response, { use: "second_step", userId, boundTo: challenge });
    if (!checked.isRight) return refusedProof(tx, userId, checked.problem);
    await closeSignInChallenge(tx, challenge);
    const ticket = await issueSignInTicket(tx, { ...first, methods: [...first.methods, "passkey"] });
    return { result: { ticket }, unchanged: true as const };
  },
});
