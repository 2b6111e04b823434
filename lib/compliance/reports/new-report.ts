import type { ReportPeriod, ReportSchedule } from "@/lib/compliance/reports/report-period";
import { env } from "@/lib/core/env";
import { endOfPeriod, lastDayUntil } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { auditReports } from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { auditEvent } from "@/lib/operation/audit-event";

type NewReport = ReportPeriod & {
  id: string;
  locale: Locale;
  schedule: ReportSchedule | null;
  requestedById: string | null;
};

/** As the register of incidents (Res. CD/ANPD 15/2024, Art. 10), which reports are read with. */
const kept = { value: 5, unit: "year" } as const;

/** Records a report and asks for its job. Null: there is one with this id, or of this schedule and period. */
export async function newReport(tx: Transaction, { id, from, to, locale, schedule, requestedById }: NewReport) {
  const zone = env().CONTROLLER_TIME_ZONE;
  const keepUntil = lastDayUntil(endOfPeriod(new Date(), kept, zone), zone);
  const [row] = await tx
    .insert(auditReports)
    .values({ id, fromDay: from, toDay: to, locale, schedule, requestedById, keepUntil })
    .onConflictDoNothing()
    .returning({ id: auditReports.id });
  if (!row) return null;
  await enqueueJob(tx, { kind: "audit_report", key: id, payload: { reportId: id } });
  const details = { from, to, locale, keepUntil, ...(schedule ? { schedule } : {}) };
  return auditEvent("audit_report.requested", { target: { type: "audit_report", id }, details });
}
