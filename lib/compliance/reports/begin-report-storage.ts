import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { auditReportFiles, auditReports } from "@/lib/db/schema";
import { reportFileKinds } from "@/lib/db/schema/audit-reports";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { command } from "@/lib/operation/operation";

/** Under the prefix that the portal seals. */
export const reportKey = (reportId: string, kind: (typeof reportFileKinds)[number]) =>
  `recordings/reports/${reportId}/${kind}`;

/**
 * Records that the objects of a report are about to be written: until that ends, or its time is over, its deletion
 * waits.
 * @returns `waitMs`: time until an earlier attempt can no longer write. Null: the report is made, or no longer wanted.
 */
export const beginReportStorage = command({
  permission: "audit-report:make",
  input: z.object({ reportId: z.uuid(), lease: jobLease, forMs: z.int().positive() }),
  // A step of making the report, which is logged when it is ready.
  audits: [],
  run: async ({ tx, input: { reportId, lease, forMs } }) => {
    await requireLease(tx, lease);
    const { id, state, storingUntil } = auditReports;
    const [report] = await tx
      .select({
        state,
        waitMs: sql<number>`greatest(0, extract(epoch from ${storingUntil} - now()) * 1000)::float8`,
      })
      .from(auditReports)
      .where(and(eq(id, reportId), inArray(state, ["waiting", "storing"])))
      .for("update");
    if (!report) return { result: null, unchanged: true as const };
    const result = { waitMs: Math.ceil(report.waitMs) };
    if (result.waitMs > 0) return { result, unchanged: true as const };
    const until = sql`now() + ${forMs} * interval '1 millisecond'`;
    await tx.update(auditReports).set({ state: "storing", storingUntil: until }).where(eq(id, reportId));
    const files = reportFileKinds.map((kind) => ({ reportId, kind, objectKey: reportKey(reportId, kind) }));
    await tx.insert(auditReportFiles).values(files).onConflictDoNothing();
    return { result, unchanged: true as const };
  },
});
