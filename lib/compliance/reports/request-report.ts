import { z } from "zod";
import { newReport } from "@/lib/compliance/reports/new-report";
import { daysOf } from "@/lib/compliance/reports/report-period";
import { calendarDay, today } from "@/lib/core/time";
import { locales } from "@/lib/i18n/locales";
import { command } from "@/lib/operation/operation";

const longestDays = 366;

/** Calendar days in the controller's zone, both inclusive, not in the future. */
export const reportPeriod = z.object({ from: calendarDay, to: calendarDay }).superRefine(({ from, to }, context) => {
  const problem = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  if (from > to) problem("to", "before_start");
  else if (to > today()) problem("to", "in_the_future");
  else if (daysOf({ from, to }).length > longestDays) problem("to", "too_long");
});

/** Asks for a report of a period, which a background job makes. The form sends its id: sent twice, it asks once. */
export const requestReport = command({
  permission: "audit-report:request",
  input: z.intersection(z.object({ reportId: z.uuid(), locale: z.enum(locales).default("pt-BR") }), reportPeriod),
  audits: ["audit_report.requested"],
  run: async ({ tx, actor, input: { reportId: id, ...report } }) => {
    const requestedById = actor.type === "user" ? actor.userId : null;
    const requested = await newReport(tx, { id, ...report, schedule: null, requestedById });
    const result = { reportId: id };
    return requested ? { result, audits: [requested] as const } : { result, unchanged: true as const };
  },
});
