import { z } from "zod";
import { checkCode, codeProofInput, proofAudits } from "@/lib/access/second-factor/check-proof";
import { closeSignInChallenge, findSignInChallenge } from "@/lib/access/sign-in/sign-in-challenge";
import { issueSignInTicket } from "@/lib/access/sign-in/sign-in-ticket";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/**
 * The second step of a sign-in, by a code. Ends in a ticket for `startSessionByTicket`.
 * @throws AppError `sign_in_expired` (the challenge), `wrong_code`, `locked` with `retryAfterSeconds`.
 */
export const completeSecondStep = command({
  permission: "session:start",
  input: z.intersection(z.object({ challenge: z.string().min(1).max(100) }), codeProofInput),
  audits: proofAudits,
  run: async ({ tx, input }) => {
    const first = await findSignInChallenge(tx, input.challenge);
    if (!first) throw new AppError("sign_in_expired", "no open sign-in challenge");
    const { refused, events } = await checkCode(tx, first.userId, input);
    if (refused) return refused;
    await closeSignInChallenge(tx, input.challenge);
    const ticket = await issueSignInTicket(tx, { ...first, methods: [...first.methods, input.method] });
    const [event] = events;
    return event ? { result: { ticket }, audits: [event] } : { result: { ticket }, unchanged: true as const };
  },
});
