import { z } from "zod";
import { recordProof, userOnly } from "@/lib/access/second-factor/own-session";
import { findIdentity, subjectDigest } from "@/lib/access/single-sign-on/people/identities";
import { refusedSignOn } from "@/lib/access/single-sign-on/record-sign-on-refusal";
import { factorKindsOf } from "@/lib/access/sign-in/second-factor-state";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Records the fresh proof of who the actor is, which the provider has just given for their session.
 * @param input `sessionId`: of the try; another session of the same browser proves nothing.
 * @throws AppError `sign_on_refused`: `proof_other_person`; `proof_one_factor`: of who has a second factor here
 */
export const proveAtProvider = command({
  permission: "account:prove",
  input: z.object({
    sessionId: z.uuid(),
    issuer: z.string().min(1).max(2000),
    subject: z.string().min(1).max(255),
    provedByFactors: z.boolean(),
  }),
  audits: ["second_factor.proof_given", "single_sign_on.refused"],
  run: async ({ tx, actor, input: { sessionId, issuer, subject, provedByFactors } }) => {
    const user = userOnly(actor);
    const identity = await findIdentity(tx, issuer, subjectDigest(issuer, subject));
    if (user.sessionId !== sessionId || identity?.userId !== user.userId)
      return refusedSignOn("proof_other_person", user.userId);
    if (!provedByFactors && (await factorKindsOf(tx, user.userId)).length > 0)
      return refusedSignOn("proof_one_factor", user.userId);
    const method = provedByFactors ? "sso_mfa" : "sso";
    await recordProof(tx, user, method);
    const target = { type: "user", id: user.userId };
    return {
      result: null,
      audits: [auditEvent("second_factor.proof_given", { target, details: { signInMethod: method } })],
    };
  },
});
