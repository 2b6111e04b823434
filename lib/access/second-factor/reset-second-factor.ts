import { eq } from "drizzle-orm";
import { z } from "zod";
import { forgetWrongFactors } from "@/lib/access/second-factor/attempt-limit";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { isOneself, lockUser } from "@/lib/access/users/user-rows";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { passkeys, recoveryCodes, totpFactors } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Removes every second factor of a person who lost theirs, and ends their sessions. The next sign-in asks for the
 * password alone and, where the role needs one, leads to the enrolment of another.
 * @throws AppError `not_found`, `own_role` (one's own), `conflict` (the person has none)
 */
export const resetSecondFactor = command({
  permission: "second-factor:reset",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["second_factor.reset"],
  run: async ({ tx, actor, input: { userId } }) => {
    if (isOneself(actor, userId)) throw new AppError("own_role", "resetting one's own second factor");
    await lockUser(tx, userId);
    if (!(await removeFactors(tx, userId))) throw new AppError("conflict", "the person has no second factor");
    const sessionsEnded = await endSessions(tx, userId);
    const target = { type: "user", id: userId };
    return { result: { userId }, audits: [auditEvent("second_factor.reset", { target, details: { sessionsEnded } })] };
  },
});

/** Removes every second factor of a person, and tells them. @returns whether there was one. */
export async function removeFactors(tx: Transaction, userId: string): Promise<boolean> {
  const removed = [
    ...(await tx.delete(totpFactors).where(eq(totpFactors.userId, userId)).returning({ id: totpFactors.id })),
    ...(await tx.delete(passkeys).where(eq(passkeys.userId, userId)).returning({ id: passkeys.id })),
  ];
  if (removed.length === 0) return false;
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await forgetWrongFactors(tx, userId);
  await mailAboutFactors(tx, userId, "second_factor_removed");
  return true;
}
