import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { notifyStaff } from "@/lib/compliance/oversight/notify-staff";
import { auditReportFiles, auditReports } from "@/lib/db/schema";
import { reportFileKinds, reportVerdicts } from "@/lib/db/schema/audit-reports";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const storedFile = z.object({
  kind: z.enum(reportFileKinds),
  objectVersionId: z.string().nullable(),
  objectEtag: z.string(),
  contentType: z.string(),
  sizeBytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type StoredFile = z.output<typeof storedFile>;

/**
 * Records a report whose files are in the store, and tells the auditors that there is one. If it is to be deleted
 * meanwhile it is not ready, and its deletion need no longer wait.
 */
export const recordReport = command({
  permission: "audit-report:make",
  input: z.object({
    reportId: z.uuid(),
    verdict: z.enum(reportVerdicts),
    statement: z.string(),
    files: z.array(storedFile).length(reportFileKinds.length),
  }),
  audits: ["audit_report.made"],
  run: async ({ tx, input: { reportId, verdict, statement, files } }) => {
    const isThis = eq(auditReports.id, reportId);
    const [report] = await tx
      .update(auditReports)
      .set({ state: "ready", storingUntil: null, verdict, statement, madeAt: transactionNow })
      .where(and(isThis, eq(auditReports.state, "storing")))
      .returning();
    if (!report) {
      await tx.update(auditReports).set({ storingUntil: null }).where(isThis);
      return { result: null, unchanged: true as const };
    }
    const { reportId: ofReport, kind } = auditReportFiles;
    for (const { kind: which, sha256, ...stored } of files)
      await tx
        .update(auditReportFiles)
        .set({ ...stored, sha256: Buffer.from(sha256, "hex") })
        .where(and(eq(ofReport, reportId), eq(kind, which)));
    await notifyStaff(tx, { roles: ["auditor"], template: "report_ready", referenceId: reportId });
    const details = { from: report.fromDay, to: report.toDay, verdict, sha256: files.map((file) => file.sha256) };
    const target = { type: "audit_report", id: reportId };
    return { result: null, audits: [auditEvent("audit_report.made", { target, details })] as const };
  },
});
