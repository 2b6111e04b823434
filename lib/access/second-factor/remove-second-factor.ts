import { and, eq, isNotNull } from "drizzle-orm";
import { z } from "zod";
import { lockOwnRow, userOnly } from "@/lib/access/second-factor/own-session";
import { hasSecondFactor, needsSecondFactor } from "@/lib/access/sign-in/second-factor-state";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import { AppError } from "@/lib/core/errors";
import { passkeys, recoveryCodes, secondFactorKinds, totpFactors, users } from "@/lib/db/schema";
import type { Transaction } from "@/lib/db/client";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Removes one of the actor's own factors. With the last one the recovery codes end.
 * @throws AppError `not_found`; `last_second_factor` where the actor's role needs one.
 */
export const removeSecondFactor = command({
  permission: "second-factor:enrol",
  freshProof: true,
  input: z.object({ factor: z.enum(secondFactorKinds), id: z.uuid() }),
  audits: ["second_factor.removed"],
  run: async ({ tx, actor, input: { factor, id } }) => {
    const { id: userId } = await lockOwnRow(tx, userOnly(actor));
    const table = factor === "totp" ? totpFactors : passkeys;
    const counts = factor === "totp" ? isNotNull(totpFactors.confirmedAt) : undefined;
    const own = and(eq(table.id, id), eq(table.userId, userId), counts);
    const removed = await tx.delete(table).where(own).returning({ id: table.id });
    if (removed.length === 0) throw new AppError("not_found", "second factor");
    const { has, needs } = await stateOf(tx, userId);
    if (!has && needs) throw new AppError("last_second_factor", "the role needs a second factor");
    if (!has) await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
    await mailAboutFactors(tx, userId, "second_factor_removed");
    const target = { type: "user", id: userId };
    return { result: { isLast: !has }, audits: [auditEvent("second_factor.removed", { target, details: { factor } })] };
  },
});

async function stateOf(tx: Transaction, userId: string): Promise<{ has: boolean; needs: boolean }> {
  const [state] = await tx
    .select({ has: hasSecondFactor, needs: needsSecondFactor })
    .from(users)
    .where(eq(users.id, userId));
  return state!;
}
