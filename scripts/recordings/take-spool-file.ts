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

/**
 * What became of a file, and of a stored one where it lies and how it was; or how long to wait before it is looked
 * at again.
 */
export type TakenFile = { waitMs: number } | { result: ImportResult; stored?: StoredFile };
export type StoredFile = { place: string; mark: FileMark };

/**
 * Uploads one file of a spool if it is finished and puts it aside: stored ones after the portal said so. What is to
 * be removed stays for `finishStoredFile`. Null when it is not there (any more), or at the signal.
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
  // What lies here is not what was stored: once it has settled the portal says so, and it is put aside.
  if (now && !isSameMark(mark, now))
    return { result: { ...result, outcome: "failed", problem: "file: written to after it was sent", mayPass: true } };
  // What looked unfinished is kept whatever is wished: more may come.
  const staysForRemoval = removeStored && !result.note;
  return { result, stored: { place: staysForRemoval ? file : await putStoredAside(spool, file), mark } };
}
