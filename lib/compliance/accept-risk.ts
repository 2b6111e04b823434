import { severalLines } from "@/lib/core/text-input";
import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { controlNames } from "@/lib/compliance/controls";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { calendarDay, startOfDay, today } from "@/lib/core/time";
import { transactionNow } from "@/lib/db/schema/columns";
import { acceptedRisks } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const longestDays = 366;

/** A day from today on, at most a year away. */
const expiry = calendarDay
  .refine((day) => day >= today(), "in_the_past")
  .refine((day) => startOfDay(day) <= startOfDay(today(), longestDays), "too_far");

/**
 * Accepts the gap of a control until a day, inclusive, at most a year away. It replaces the risk that was accepted
 * before. The reason stays out of the log. The same again changes nothing.
 */
export const acceptRisk = command({
  permission: "compliance:manage",
  input: z.object({
    control: z.enum(controlNames),
    reason: severalLines(2000, 10),
    expiresOn: expiry,
  }),
  audits: ["control.risk_accepted"],
  run: async ({ tx, actor, input: risk }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const open = and(eq(acceptedRisks.control, risk.control), isNull(acceptedRisks.withdrawnAt));
    const [before] = await tx.select().from(acceptedRisks).where(open).for("update");
    if (before && before.reason === risk.reason && before.expiresOn === risk.expiresOn)
      return { result: null, unchanged: true as const };
    await tx.update(acceptedRisks).set({ withdrawnById: actor.userId, withdrawnAt: transactionNow }).where(open);
    const id = newId();
    const added = { id, ...risk, acceptedById: actor.userId };
    const inserted = await tx
      .insert(acceptedRisks)
      .values(added)
      .onConflictDoNothing()
      .returning({ id: acceptedRisks.id });
    if (inserted.length === 0) throw new AppError("conflict", "another risk was accepted meanwhile");
    const details = { control: risk.control, expiresOn: risk.expiresOn };
    const target = { type: "accepted_risk", id };
    return { result: null, audits: [auditEvent("control.risk_accepted", { target, details })] };
  },
});
