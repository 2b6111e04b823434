import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { reportNumber } from "@/lib/compliance/reports/report-content";
import { fileName } from "@/lib/compliance/reports/report-statement";
import { AppError } from "@/lib/core/errors";
import { auditReportFiles, auditReports } from "@/lib/db/schema";
import { reportFileKinds } from "@/lib/db/schema/audit-reports";
import { readStoredObject } from "@/lib/media/stored-object";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { callStore } from "@/lib/storage/store-as-app-error";

/** Lets somebody download a file of a report. @throws AppError `not_found` before it is made and once it is deleted. */
export const takeReportFile = command({
  permission: "audit-report:take",
  input: z.object({ reportId: z.uuid(), kind: z.enum([...reportFileKinds, "statement"]) }),
  audits: ["audit_report.taken"],
  run: async ({ tx, input: { reportId, kind } }) => {
    const ofKind = and(eq(auditReportFiles.reportId, auditReports.id), eq(auditReportFiles.kind, kind as "pdf"));
    const [found] = await tx
      .select({ report: auditReports, file: auditReportFiles })
      .from(auditReports)
      .leftJoin(auditReportFiles, ofKind)
      .where(and(eq(auditReports.id, reportId), eq(auditReports.state, "ready")));
    if (!found || (kind !== "statement" && !found.file?.objectKey)) throw new AppError("not_found");
    const { report, file } = found;
    const period = { from: report.fromDay, to: report.toDay };
    const named = { name: fileName(reportNumber(reportId, period), kind) };
    const result =
      kind === "statement"
        ? { ...named, contentType: "application/json", text: report.statement! }
        : { ...named, contentType: file!.contentType!, file: file! };
    const details = { ...period, reportFile: kind };
    return {
      result,
      audits: [auditEvent("audit_report.taken", { target: { type: "audit_report", id: reportId }, details })],
    };
  },
});

export type TakenReportFile = Awaited<ReturnType<typeof takeReportFile>>;

/** The bytes of a file that somebody took. @throws AppError for what the store refuses, before the first byte. */
export async function openReportFile(taken: TakenReportFile): Promise<AsyncGenerator<Uint8Array>> {
  if ("text" in taken) return only(Buffer.from(taken.text!));
  const pieces = readStoredObject(taken.file);
  const first = await callStore(() => pieces.next());
  return following(first, pieces);
}

async function* only(piece: Uint8Array): AsyncGenerator<Uint8Array> {
  yield piece;
}

async function* following(first: IteratorResult<Uint8Array>, rest: AsyncGenerator<Uint8Array>) {
  if (!first.done) yield first.value;
  yield* rest;
}
