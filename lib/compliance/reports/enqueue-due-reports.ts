import { asc, lt } from "drizzle-orm";
import { z } from "zod";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { newReport } from "@/lib/compliance/reports/new-report";
import { boundsOf, lastPeriod, type ReportPeriod } from "@/lib/compliance/reports/report-period";
import { newId } from "@/lib/core/new-id";
import { calendarDay, today } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Asks for the scheduled reports of the last month or quarter, each once. A period in which the log had not begun has
 * none.
 */
export const enqueueDueReports = command({
  permission: "audit-report:make",
  input: z.object({ day: calendarDay.optional() }),
  audits: ["audit_report.requested"],
  run: async ({ tx, input: { day = today() } }) => {
    const { schedules, locale } = await readSettings(tx);
    const requested: AuditEventInput<"audit_report.requested">[] = [];
    for (const schedule of schedules) {
      const period = lastPeriod(schedule, day);
      if (!(await hadBegun(tx, period))) continue;
      const event = await newReport(tx, { id: newId(), ...period, locale, schedule, requestedById: null });
      if (event) requested.push(event);
    }
    const [first, ...others] = requested;
    const result = { requested: requested.length };
    return first ? { result, audits: [first, ...others] as const } : { result, unchanged: true as const };
  },
});

/** Whether the log has an event from before the end of the period. */
async function hadBegun(db: ReadDatabase, period: ReportPeriod): Promise<boolean> {
  const { id, occurredAt } = auditEvents;
  const before = lt(occurredAt, boundsOf(period).end);
  return (await db.select({ id }).from(auditEvents).where(before).orderBy(asc(occurredAt)).limit(1)).length > 0;
}
