import { sidecarMissing, type FileDescriber } from "@/scripts/recordings/describe-file";
import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import { importEntry, type ImportResult } from "@/scripts/recordings/import-recordings";
import { lookAtFile, type FinishedAfter, type FinishedFile } from "@/scripts/recordings/look-at-file";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { putDifferingAside, putRefusedAside, putStoredAside } from "@/scripts/recordings/spool";

export type SpoolOptions = FinishedAfter & {
  describe: FileDescriber;
  /** Remove what is stored instead of keeping it under `.stored`. */
  removeStored: boolean;
  signal: AbortSignal;
};

/** The outcome of a file, and if stored its path and mark; or how long to wait before the next check. */
export type TakenFile = { waitMs: number } | { result: ImportResult; stored?: StoredFile };
export type StoredFile = { place: string; mark: FileMark };

/**
 * Uploads one finished file of a spool and sets it aside once the portal has stored it. A file to be removed stays for
 * `finishStoredFile`. Null when the file is gone, or at the signal.
 */
export async function takeSpoolFile(
  client: PortalClient,
  spool: string,
  file: string,
  options: SpoolOptions,
): Promise<TakenFile | null> {
  if (options.signal.aborted) return null;
  try {
    const look = await lookAtFile(file, options);
    return look && "mark" in look ? await take(client, spool, file, look, options) : look;
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? null
      : { result: { line: 0, file, outcome: "failed", problem: `file: ${code}`, mayPass: true } };
  }
}

async function take(
  client: PortalClient,
  spool: string,
  file: string,
  { mark, note }: FinishedFile,
  options: SpoolOptions,
): Promise<TakenFile | null> {
  if (note === "open")
    return {
      result: { line: 0, file, outcome: "failed", problem: "file: a process has it open for writing", mayPass: true },
    };
  const result = await importEntry(client, await options.describe(file, 0), { signal: options.signal, mark });
  if (options.signal.aborted) return null;
  if (result.outcome === "failed" && result.problem === sidecarMissing) return { result: { ...result, mayPass: true } };
  const noted = note ? { ...result, note: "file: looks unfinished" } : result;
  try {
    return await putAside(spool, file, mark, noted, options);
  } catch (error) {
    return {
      result: {
        ...noted,
        outcome: "failed",
        problem: `putting aside: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
        mayPass: true,
      },
    };
  }
}

async function putAside(
  spool: string,
  file: string,
  mark: FileMark,
  result: ImportResult,
  { removeStored }: SpoolOptions,
): Promise<TakenFile> {
  if (result.mayPass) return { result };
  if (result.problem === "already_stored") await putDifferingAside(spool, file, file);
  else if (result.outcome === "failed" || result.outcome === "already_deleted")
    await putRefusedAside(spool, file, result.problem ?? result.outcome);
  if (result.outcome !== "stored" && result.outcome !== "already_stored") return { result };
  const now = await fileMark(file);
  // The file differs from what was stored: once it has settled, the portal reports it and it is set aside.
  if (now && !isSameMark(mark, now))
    return { result: { ...result, outcome: "failed", problem: "file: written to after it was sent", mayPass: true } };
  // A file that looked unfinished is always kept: more may be written.
  const staysForRemoval = removeStored && !result.note;
  return { result, stored: { place: staysForRemoval ? file : await putStoredAside(spool, file), mark } };
}
