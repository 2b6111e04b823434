import { and, eq, isNotNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { singleLine } from "@/lib/core/text-input";
import { beginFactorAttempt, countWrongFactor, forgetWrongFactors } from "@/lib/access/second-factor/attempt-limit";
import { recoveryCodesLeft, takeRecoveryCode } from "@/lib/access/second-factor/recovery-codes";
import { matchingStep } from "@/lib/access/second-factor/totp";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import { AppError } from "@/lib/core/errors";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { totpFactors } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { refuse, refuseUnrecorded } from "@/lib/operation/operation";

/** What a person types: a code of the app or a recovery code. */
export const codeProofInput = z.discriminatedUnion("method", [
  z.object({ method: z.literal("totp"), code: singleLine(40) }),
  z.object({ method: z.literal("recovery_code"), code: singleLine(40) }),
]);

type CodeProof = z.output<typeof codeProofInput>;

/** The events that a proof may write, for the `audits` of a command. */
export const proofAudits = ["second_factor.recovery_code_used", "second_factor.proof_failed"] as const;

type ProofEvent = AuditEventInput<(typeof proofAudits)[number]>;

/**
 * Checks a code of a person. Codes of the app are limited in number, recovery codes cannot be guessed.
 * @returns the events of a right code, or the end of the command: `wrong_code`; `locked` with `retryAfterSeconds`.
 */
export async function checkCode(tx: Transaction, userId: string, proof: CodeProof) {
  const isRight =
    proof.method === "totp" ? await checkTotp(tx, userId, proof.code) : await takeRecoveryCode(tx, userId, proof.code);
  if (typeof isRight === "number") {
    const refusal = new AppError("locked", "second factor locked", { retryAfterSeconds: isRight });
    return { refused: failed(userId, proof.method, refusal) };
  }
  if (!isRight) {
    const fields = [{ path: "code", reason: "wrong_code" }];
    return { refused: failed(userId, proof.method, new AppError("wrong_code", "second factor", { fields })) };
  }
  if (proof.method === "totp") return { events: [] as ProofEvent[] };
  const codesLeft = await recoveryCodesLeft(tx, userId);
  await mailAboutFactors(tx, userId, "recovery_code_used");
  const target = { type: "user", id: userId };
  return {
    events: [auditEvent("second_factor.recovery_code_used", { target, details: { codesLeft } })] as ProofEvent[],
  };
}

/** Ends a command with a failed proof. Failures beyond the quota of events are counted, not logged. */
export function failed(userId: string, signInMethod: string, refusal: AppError) {
  if (!takeDenialQuota(`second factor ${userId}`)) return refuseUnrecorded(refusal);
  const target = { type: "user", id: userId };
  const outcome = refusal.code === "locked" ? "denied" : "failure";
  return refuse(refusal, auditEvent("second_factor.proof_failed", { outcome, target, details: { signInMethod } }));
}

/** @returns whether the code is right and new; the seconds to wait if there were too many wrong ones. */
async function checkTotp(tx: Transaction, userId: string, code: string): Promise<boolean | number> {
  const wait = await beginFactorAttempt(tx, userId);
  if (wait > 0) return wait;
  const isRight = await takeTotpStep(tx, userId, code);
  await (isRight ? forgetWrongFactors : countWrongFactor)(tx, userId);
  return isRight;
}

async function takeTotpStep(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const [factor] = await tx
    .select({ id: totpFactors.id, secret: totpFactors.secretEncrypted, epoch: databaseEpoch })
    .from(totpFactors)
    .where(and(eq(totpFactors.userId, userId), isNotNull(totpFactors.confirmedAt)));
  if (!factor) return false;
  const step = await matchingStep(decryptField("user.totp_secret", factor.secret), code, factor.epoch);
  if (step === null) return false;
  const taken = await tx
    .update(totpFactors)
    .set({ lastStep: step, lastUsedAt: transactionNow })
    .where(and(eq(totpFactors.id, factor.id), lt(totpFactors.lastStep, step)))
    .returning({ id: totpFactors.id });
  return taken.length === 1;
}

/** Seconds since 1970: portals whose clocks differ judge a code alike. */
export const databaseEpoch = sql<number>`floor(extract(epoch from clock_timestamp()))::int`;
