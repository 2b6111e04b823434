import { setTimeout as wait } from "node:timers/promises";
import { fileMark, isSameMark } from "@/scripts/recordings/file-mark";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import { isOpenForWriting } from "@/scripts/recordings/is-open-for-writing";
import { moveDiffering, moveStored, removeStored } from "@/scripts/recordings/spool";
import type { SpoolOptions, StoredFile } from "@/scripts/recordings/upload-spool-file";

/**
 * Waits until a stored file has settled again. If it was written meanwhile (a paused recording), moves it aside and
 * reports a failure; otherwise removes it if requested. At the signal it leaves the file to the next start.
 */
export async function finishStoredFile(
  spool: string,
  file: string,
  result: ImportResult,
  stored: StoredFile,
  options: SpoolOptions,
): Promise<ImportResult> {
  await wait(options.settleMs, undefined, { signal: options.signal }).catch(() => undefined);
  if (options.signal.aborted) return result;
  try {
    return (await finish(spool, file, stored))
      ? result
      : { ...result, outcome: "failed", problem: "file: written to after it was stored; it is kept" };
  } catch (error) {
    return {
      ...result,
      outcome: "failed",
      problem: `moving: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
    };
  }
}

/** Removes the file if requested. False if it was written to. */
async function finish(spool: string, file: string, { place, mark }: StoredFile): Promise<boolean> {
  const now = await fileMark(place);
  if (!now) return true;
  const isToBeRemoved = place === file && isSameMark(mark, now);
  // After the rename no process can open it by its name: a writer must have opened it before.
  const last = isToBeRemoved ? await moveStored(spool, file) : place;
  if (!isSameMark(mark, (await fileMark(last)) ?? mark)) {
    await moveDiffering(spool, last, file);
    return false;
  }
  if (isToBeRemoved && !(await isOpenForWriting(last))) await removeStored(last);
  return true;
}
