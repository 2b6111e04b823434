import { sidecarMissing, type FileDescriber } from "@/scripts/recordings/describe-file";
import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import { importEntry, type ImportResult } from "@/scripts/recordings/import-recordings";
import { checkFile, type FinishedAfter, type FinishedFile, type Waiting } from "@/scripts/recordings/ends/check-file";
import type { PortalClient } from "@/scripts/recordings/portal-client";
import { moveDiffering, moveRefused, moveStored } from "@/scripts/recordings/spool";

export type SpoolOptions = FinishedAfter & {
  describe: FileDescriber;
  /** Removes stored files instead of moving them to `.stored`. */
  removeStored: boolean;
  signal: AbortSignal;
};

/** The result of a file, and if stored its path and mark; or how long to wait before the next check. */
export type SpoolFileOutcome = Waiting | { result: ImportResult; stored?: StoredFile };
/** `hasOwnId`: its description has a `sourceRecordingId`, under which other content is refused. */
export type StoredFile = { place: string; mark: FileMark; hasOwnId: boolean };

/**
 * Uploads one finished file of a spool and moves it once the portal has stored it; `finishStoredFile` removes it if
 * requested. Returns null if the file does not exist, or at the signal.
 */
export async function uploadSpoolFile(
  client: PortalClient,
  spool: string,
  file: string,
  options: SpoolOptions,
): Promise<SpoolFileOutcome | null> {
  if (options.signal.aborted) return null;
  try {
    const check = await checkFile(file, options);
    return check && "mark" in check ? await upload(client, spool, file, check, options) : check;
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? null
      : { result: { line: 0, file, outcome: "failed", problem: `file: ${code}`, mayPass: true } };
  }
}

async function upload(
  client: PortalClient,
  spool: string,
  file: string,
  { mark, note }: FinishedFile,
  options: SpoolOptions,
): Promise<SpoolFileOutcome | null> {
  if (note === "open")
    return {
      result: { line: 0, file, outcome: "failed", problem: "file: a process has it open for writing", mayPass: true },
    };
  const entry = await options.describe(file, 0);
  const result = await importEntry(client, entry, { signal: options.signal, mark });
  if (options.signal.aborted) return null;
  if (result.outcome === "failed" && result.problem === sidecarMissing) return { result: { ...result, mayPass: true } };
  const noted = note ? { ...result, note: "file: looks unfinished" } : result;
  try {
    const hasOwnId = "metadata" in entry && Boolean(entry.metadata.sourceRecordingId);
    return await moveUploaded(spool, file, { mark, hasOwnId }, noted, options);
  } catch (error) {
    return {
      result: {
        ...noted,
        outcome: "failed",
        problem: `moving: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
        mayPass: true,
      },
    };
  }
}

async function moveUploaded(
  spool: string,
  file: string,
  { mark, hasOwnId }: Omit<StoredFile, "place">,
  result: ImportResult,
  { removeStored }: SpoolOptions,
): Promise<SpoolFileOutcome> {
  if (result.mayPass) return { result };
  if (result.problem === "already_stored") await moveDiffering(spool, file, file);
  else if (result.outcome === "failed" || result.outcome === "already_deleted")
    await moveRefused(spool, file, result.problem ?? result.outcome);
  if (result.outcome !== "stored" && result.outcome !== "already_stored") return { result };
  const now = await fileMark(file);
  // The file differs from the stored recording: the next attempt sends it again, or moves it if it has an own id.
  if (now && !isSameMark(mark, now))
    return { result: { ...result, outcome: "failed", problem: "file: written to after it was sent", mayPass: true } };
  // A file that looked unfinished is never removed: more may be written to it.
  const staysForRemoval = removeStored && !result.note;
  return { result, stored: { place: staysForRemoval ? file : await moveStored(spool, file), mark, hasOwnId } };
}
