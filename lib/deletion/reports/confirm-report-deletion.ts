import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { auditReportFiles, auditReports } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { storeProof } from "@/lib/deletion/store-proof";
import { destroyDataKeys } from "@/lib/encryption-keys/data-key-destruction";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Last step of the deletion of a report, when no store has its files: their encryption keys go, its row says when. */
export const confirmReportDeletion = command({
  permission: "recording:retire",
  input: z.object({ reportId: z.uuid(), objectKeys: z.array(z.string()), proof: z.array(storeProof) }),
  audits: ["audit_report.deleted"],
  run: async ({ tx, input: { reportId, objectKeys, proof } }) => {
    const [report] = await tx
      .update(auditReports)
      .set({ state: "deleted", storingUntil: null, deletedAt: transactionNow, deletionProof: proof })
      .where(and(eq(auditReports.id, reportId), eq(auditReports.state, "deleting")))
      .returning();
    // By another process.
    if (!report) return { result: { deleted: 0 }, unchanged: true as const };
    await tx
      .update(auditReportFiles)
      .set({ objectKey: null, objectVersionId: null, objectEtag: null })
      .where(eq(auditReportFiles.reportId, reportId));
    const dataKeysDestroyed = await destroyDataKeys(tx, objectKeys);
    const details = {
      ...{ from: report.fromDay, to: report.toDay, keepUntil: report.keepUntil },
      ...{ stores: proof.map(({ store }) => store), objectKeys: objectKeys.length, dataKeysDestroyed },
    };
    const target = { type: "audit_report", id: reportId };
    return { result: { deleted: 1 }, audits: [auditEvent("audit_report.deleted", { target, details })] };
  },
});
