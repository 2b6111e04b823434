import { makeReport } from "@/lib/compliance/reports/make-report";
import type { JobHandler } from "@/lib/jobs/job-handler";

/** Makes one report of the log. It waits for a store or certificate that does not work, however long. */
export const auditReportJob: JobHandler<"audit_report"> = {
  maxTries: Infinity,
  timeLimitMs: 60 * 60_000,
  run: ({ payload: { reportId }, lease, signal }) => makeReport({ reportId, lease, signal }),
};
