import { eq } from "drizzle-orm";
import { z } from "zod";
import { calendarDay } from "@/lib/core/time";
import { ownHolidays } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Makes a day a business day again. Without such a day nothing changes. */
export const removeOwnHoliday = command({
  permission: "incident:manage",
  input: z.object({ day: calendarDay }),
  audits: ["holiday.removed"],
  run: async ({ tx, input: { day } }) => {
    const removed = await tx.delete(ownHolidays).where(eq(ownHolidays.day, day)).returning({ day: ownHolidays.day });
    if (removed.length === 0) return { result: null, unchanged: true as const };
    const target = { type: "holiday", id: day };
    return { result: null, audits: [auditEvent("holiday.removed", { target, details: { day } })] };
  },
});
