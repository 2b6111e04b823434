import { and, eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { startOfDay } from "@/lib/core/time";
import { auditReportFiles, auditReports } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { command } from "@/lib/operation/operation";

/** `waitMs`: until its date has passed, or nobody can be writing it any more. Else the keys to erase. */
type ReportClaim = { waitMs: number } | { objectKeys: string[] };

/**
 * Begins the deletion of a report of the log whose own retention is over: nobody can download it from then on.
 * Null: there is nothing to delete.
 */
export const claimReportDeletion = command({
  permission: "recording:retire",
  input: z.object({ reportId: z.uuid() }),
  // The command that confirms the deletion logs it.
  audits: [],
  run: async ({ tx, input: { reportId } }): Promise<{ result: ReportClaim | null; unchanged: true }> => {
    const { id, state, keepUntil, storingUntil, createdAt } = auditReports;
    const writesForMs = sql<number>`greatest(0, extract(epoch from ${storingUntil} - now()) * 1000)::float8`;
    const [report] = await tx
      .select({ state, keepUntil, writesForMs, now: sql`${databaseNow}`.mapWith(createdAt) })
      .from(auditReports)
      .where(eq(id, reportId))
      .for("update");
    if (!report || report.state === "deleted") return { result: null, unchanged: true };
    const keptForMs = startOfDay(report.keepUntil, 1).getTime() - report.now.getTime();
    if (report.state !== "deleting" && keptForMs > 0) return { result: { waitMs: keptForMs }, unchanged: true };
    await tx.update(auditReports).set({ state: "deleting" }).where(eq(id, reportId));
    if (report.writesForMs > 0) return { result: { waitMs: Math.ceil(report.writesForMs) }, unchanged: true };
    const { objectKey, reportId: ofReport } = auditReportFiles;
    const files = await tx
      .select({ objectKey })
      .from(auditReportFiles)
      .where(and(eq(ofReport, reportId), isNotNull(objectKey)));
    return { result: { objectKeys: files.map((file) => file.objectKey!) }, unchanged: true };
  },
});
