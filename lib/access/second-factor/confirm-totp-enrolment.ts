import { and, eq, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { singleLine } from "@/lib/core/text-input";
import { beginFactorAttempt, countWrongFactor, forgetWrongFactors } from "@/lib/access/second-factor/attempt-limit";
import { databaseEpoch, failed } from "@/lib/access/second-factor/check-proof";
import { recordEnrolment } from "@/lib/access/second-factor/record-enrolment";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { matchingStep } from "@/lib/access/second-factor/totp";
import { AppError } from "@/lib/core/errors";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import type { Transaction } from "@/lib/db/client";
import { totpFactors } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

/**
 * Makes the secret of `beginTotpEnrolment` count, in the place of an earlier one. With the first factor come ten
 * recovery codes, shown once. Ends the actor's other sessions, which proved less.
 * @throws AppError `not_found` (nothing waits), `wrong_code`, `locked`
 */
export const confirmTotpEnrolment = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({ code: singleLine(40) }),
  audits: ["second_factor.enrolled", "second_factor.proof_failed"],
  run: async ({ tx, actor, input: { code } }) => {
    const user = userOnly(actor);
    await lockOwnRow(tx, user);
    const { userId } = user;
    const wait = await beginFactorAttempt(tx, userId);
    if (wait > 0)
      return failed(userId, "totp", new AppError("locked", "second factor locked", { retryAfterSeconds: wait }));
    if (!(await confirm(tx, userId, code))) {
      await countWrongFactor(tx, userId);
      const fields = [{ path: "code", reason: "wrong_code" }];
      return failed(userId, "totp", new AppError("wrong_code", "first code", { fields }));
    }
    await forgetWrongFactors(tx, userId);
    return recordEnrolment(tx, user, "totp");
  },
});

async function confirm(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const own = eq(totpFactors.userId, userId);
  const [waiting] = await tx
    .select({ id: totpFactors.id, secret: totpFactors.secretEncrypted, epoch: databaseEpoch })
    .from(totpFactors)
    .where(and(own, isNull(totpFactors.confirmedAt)));
  if (!waiting) throw new AppError("not_found", "no secret waits");
  const step = await matchingStep(decryptField("user.totp_secret", waiting.secret), code, waiting.epoch);
  if (step === null) return false;
  await tx.delete(totpFactors).where(and(own, isNotNull(totpFactors.confirmedAt)));
  await tx
    .update(totpFactors)
    .set({ confirmedAt: transactionNow, lastUsedAt: transactionNow, lastStep: step })
    .where(eq(totpFactors.id, waiting.id));
  return true;
}
