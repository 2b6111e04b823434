import { or, sql } from "drizzle-orm";
import { z } from "zod";
import { today } from "@/lib/core/time";
import { auditReports } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** Asks for the deletion of reports of the log whose date has passed. Answers how many. */
export const enqueueReportDeletions = command({
  permission: "recording:retire",
  input: z.object({ limit: z.int().min(1).max(1000).default(100) }),
  // The job writes the event of what it deleted.
  audits: [],
  run: async ({ tx, input: { limit } }) => {
    const { id, keepUntil, state } = auditReports;
    const due = await tx
      .select({ id })
      .from(auditReports)
      .where(or(sql`${state} = 'deleting'`, sql`${state} <> 'deleted' and ${keepUntil} < ${today()}`))
      .orderBy(keepUntil, id)
      .limit(limit);
    await enqueueMissingJobs(
      tx,
      due.map(({ id: reportId }) => ({ kind: "audit_report_deletion", key: reportId, payload: { reportId } })),
    );
    return { result: { due: due.length }, unchanged: true as const };
  },
});
