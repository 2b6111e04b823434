import { z } from "zod";
import { checkCode, codeProofInput, failed, proofAudits } from "@/lib/access/second-factor/check-proof";
import { beginFactorAttempt, countWrongFactor, forgetWrongFactors } from "@/lib/access/second-factor/attempt-limit";
import { lockOwnRow, recordProof, userOnly } from "@/lib/access/second-factor/own-session";
import { verifyPassword } from "@/lib/access/sign-in/passwords";
import { factorKindsOf } from "@/lib/access/sign-in/second-factor-state";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import type { users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Proves again who uses an open session: by a code, or by the password if the person has no second factor. Operations
 * with `freshProof` then run for ten minutes.
 * @throws AppError `wrong_code`, `invalid_credentials`, `locked`; `forbidden`: a password where a code is due
 */
export const proveIdentity = command({
  permission: "account:prove",
  input: z.union([codeProofInput, z.object({ method: z.literal("password"), password: z.string().min(1).max(1024) })]),
  audits: ["second_factor.proof_given", ...proofAudits],
  run: async ({ tx, actor, input }) => {
    const user = userOnly(actor);
    const row = await lockOwnRow(tx, user);
    const { refused, events } =
      input.method === "password"
        ? await checkPassword(tx, row, input.password)
        : await checkCode(tx, user.userId, input);
    if (refused) return refused;
    await recordProof(tx, user, input.method);
    const details = { signInMethod: input.method };
    const given = auditEvent("second_factor.proof_given", { target: { type: "user", id: user.userId }, details });
    return { result: { method: input.method }, audits: [given, ...events] };
  },
});

async function checkPassword(tx: Transaction, user: typeof users.$inferSelect, password: string) {
  if ((await factorKindsOf(tx, user.id)).length > 0) throw new AppError("forbidden", "a password where a code is due");
  const wait = await beginFactorAttempt(tx, user.id);
  if (wait > 0) {
    const refusal = new AppError("locked", "too many wrong passwords", { retryAfterSeconds: wait });
    return { refused: failed(user.id, "password", refusal) };
  }
  if (!(await verifyPassword(user.passwordHash, password))) {
    await countWrongFactor(tx, user.id);
    const fields = [{ path: "password", reason: "wrong_password" }];
    return { refused: failed(user.id, "password", new AppError("invalid_credentials", "own password", { fields })) };
  }
  await forgetWrongFactors(tx, user.id);
  return { events: [] };
}
