import { verifyPeriod } from "@/lib/audit/verify-period";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { beginReportStorage, reportKey } from "@/lib/compliance/reports/begin-report-storage";
import type { Figure, FigureName } from "@/lib/compliance/reports/figures/figure";
import { readFigures } from "@/lib/compliance/reports/figures/read-figures";
import { readPlannedReport, type PlannedReport } from "@/lib/compliance/reports/read-planned-report";
import { readReportNames } from "@/lib/compliance/reports/read-report-names";
import { recordReport, type StoredFile } from "@/lib/compliance/reports/record-report";
import { reportNumber, type ReportContent } from "@/lib/compliance/reports/report-content";
import { makeFiles, type ReportFile } from "@/lib/compliance/reports/report-files";
import { periodBefore } from "@/lib/compliance/reports/report-period";
import { fileName, signReport } from "@/lib/compliance/reports/report-statement";
import { reportWords } from "@/lib/compliance/reports/report-words";
import { env } from "@/lib/core/env";
import type { JobOutcome, JobRun } from "@/lib/jobs/job-handler";
import { storeMadeFile } from "@/lib/media/made-file";
import { jobContext } from "@/lib/operation/job-context";
import { configuredStore } from "@/lib/storage/configured-store";
import { callStore } from "@/lib/storage/store-as-app-error";

/** The files must be sent within the first half of this time; in the second the store may finish what was sent. */
const storingMs = 20 * 60_000;

/**
 * Counts, writes, signs and stores a report, once. A killed attempt leaves at most objects under the keys of its rows,
 * which the next attempt removes, or the deletion.
 */
export async function makeReport(job: Pick<JobRun, "lease" | "signal"> & { reportId: string }): Promise<JobOutcome> {
  const context = jobContext("audit-report");
  const planned = await readPlannedReport(context, { reportId: job.reportId });
  if (!planned) return;
  const content = await contentOf(planned);
  const ids = content.figures.flatMap(({ of }) => (of && ["user", "unit"].includes(of.kind) ? [of.id] : []));
  const names = await readReportNames(context, { ids: [...new Set(ids)] });
  const made = await makeFiles(context, content, await reportWords(planned.locale, names));
  try {
    return await store(content, made.files, job);
  } finally {
    await made.close();
  }
}

async function contentOf({ id, from, to, controller }: PlannedReport): Promise<ReportContent> {
  const context = jobContext("audit-report");
  const period = { from, to };
  const verified = await verifyPeriod(context, period);
  const counted = (["seals", "events", "findings"] as const).map((of): Figure => {
    const name: FigureName = of === "events" ? "sealedEvents" : of;
    return { section: "integrity", name, of: null, value: verified[of], before: null };
  });
  return {
    ...{ number: reportNumber(id, period), period, before: periodBefore(period), issuedAt: new Date(), controller },
    timeZone: env().CONTROLLER_TIME_ZONE,
    verdict: verified.verdict,
    figures: [...counted, ...(await readFigures(context, period))],
  };
}

async function store(
  content: ReportContent,
  files: readonly ReportFile[],
  { reportId, lease, signal }: Parameters<typeof makeReport>[0],
): Promise<JobOutcome> {
  const context = jobContext("audit-report");
  const begun = await beginReportStorage(context, { reportId, lease, forMs: storingMs });
  if (!begun) return;
  if (begun.waitMs > 0) return { again: begun.waitMs };
  const sending = AbortSignal.any([signal, AbortSignal.timeout(storingMs / 2)]);
  const stored: StoredFile[] = [];
  for (const { kind, ...file } of files) {
    const key = reportKey(reportId, kind);
    await callStore(() => configuredStore().deleteAllVersions(key));
    const placed = await storeMadeFile(configuredStore(), key, file, sending);
    if (!placed) return { failure: "encryption_missing" };
    stored.push({ kind, ...placed, contentType: file.contentType, sizeBytes: file.sizeBytes, sha256: file.sha256 });
  }
  await recordReport(context, {
    reportId,
    verdict: content.verdict,
    statement: statementOf(content, files),
    files: stored,
  });
}

function statementOf({ number, period, issuedAt, verdict, controller }: ReportContent, files: readonly ReportFile[]) {
  const listed = files.map(({ kind, sha256, sizeBytes }) => ({ name: fileName(number, kind), sha256, sizeBytes }));
  const facts = { number, controller: controller.name, ...period, issuedAt: issuedAt.toISOString(), verdict };
  return signReport({ ...facts, files: listed }, currentSigningKey());
}
