import { UploadError, type PortalClient } from "@/scripts/recordings/portal-client";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";
import { uploadRecording, type UploadRecordingOptions } from "@/scripts/recordings/upload-recording";

/** The outcome of one entry. `already_deleted` is no failure: a deleted recording must not come back. */
export type ImportResult = {
  line: number;
  /** For the operator's report only: file names may contain telephone numbers. */
  file?: string;
  outcome: "stored" | "already_stored" | "already_deleted" | "failed";
  id?: string;
  sizeBytes?: number;
  problem?: string;
  /** A warning about an uploaded file. */
  note?: string;
  /** True for a failure that may pass: the same file, unchanged, may be accepted later. */
  mayPass?: boolean;
};

export type ImportReport = {
  stored: number;
  alreadyStored: number;
  alreadyDeleted: number;
  failed: number;
  bytes: number;
  failures: ImportResult[];
};

export type ImportOptions = { concurrency: number; signal?: AbortSignal; onResult?: (result: ImportResult) => void };

/** Uploads entries while they are read, several at once. Continues after a failure, and reports each. */
export async function importRecordings(
  client: PortalClient,
  entries: AsyncIterable<ManifestEntry | ManifestProblem>,
  options: ImportOptions,
): Promise<ImportReport> {
  const report: ImportReport = { stored: 0, alreadyStored: 0, alreadyDeleted: 0, failed: 0, bytes: 0, failures: [] };
  const iterator = entries[Symbol.asyncIterator]();
  const worker = async () => {
    for (let next = await iterator.next(); !next.done && !options.signal?.aborted; next = await iterator.next()) {
      const result = await importEntry(client, next.value, { signal: options.signal });
      count(report, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  return report;
}

/** Uploads one entry. Does not throw: the result has the problem. */
export async function importEntry(
  client: PortalClient,
  entry: ManifestEntry | ManifestProblem,
  options: UploadRecordingOptions = {},
): Promise<ImportResult> {
  const { line, file } = entry;
  if ("problem" in entry) return { line, file, outcome: "failed", problem: entry.problem };
  try {
    return { line, file, ...(await uploadRecording(client, entry.file, entry.metadata, options)) };
  } catch (error) {
    if (error instanceof UploadError && error.code === "already_deleted")
      return { line, file, outcome: "already_deleted" };
    return {
      line,
      file,
      outcome: "failed",
      problem: describe(error),
      mayPass: !(error instanceof UploadError && refusals.has(error.code)),
    };
  }
}

/** Codes of problems with the file or its data, which stay. A revoked key or a missing policy is not one. */
const refusals = new Set([
  "invalid_input",
  "unsupported_media_type",
  "too_large",
  "empty_file",
  "not_audio",
  "already_stored",
  "conflict",
]);

/** Explanations of codes that are not clear alone. */
const explained: Record<string, string> = {
  upload_conflict:
    "another file with the same sourceRecordingId was uploaded at the same time; " +
    "this file is not stored and stays where it is",
};

function describe(error: unknown): string {
  if (error instanceof UploadError) {
    const sentence = explained[error.code];
    return sentence ? `${error.message}: ${sentence}` : error.message;
  }
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" ? "file: not found" : code ? `file: ${code}` : "interrupted";
}

function count(report: ImportReport, result: ImportResult): void {
  if (result.outcome === "stored") report.stored += 1;
  else if (result.outcome === "already_stored") report.alreadyStored += 1;
  else if (result.outcome === "already_deleted") report.alreadyDeleted += 1;
  else {
    report.failed += 1;
    report.failures.push(result);
  }
  report.bytes += result.sizeBytes ?? 0;
}
