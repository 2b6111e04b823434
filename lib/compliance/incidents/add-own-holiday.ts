import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { calendarDay } from "@/lib/core/time";
import { ownHolidays } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Adds a day of state, city or company that is no business day. A day that is there already stays as it is. */
export const addOwnHoliday = command({
  permission: "incident:manage",
  input: z.object({ day: calendarDay, name: singleLine(100, 3) }),
  audits: ["holiday.added"],
  run: async ({ tx, actor, input }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const added = await tx
      .insert(ownHolidays)
      .values({ ...input, addedById: actor.userId })
      .onConflictDoNothing()
      .returning({ day: ownHolidays.day });
    if (added.length === 0) return { result: null, unchanged: true as const };
    const target = { type: "holiday", id: input.day };
    return { result: null, audits: [auditEvent("holiday.added", { target, details: { day: input.day } })] };
  },
});
