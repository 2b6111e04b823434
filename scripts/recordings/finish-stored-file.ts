import { setTimeout as wait } from "node:timers/promises";
import { fileMark, isSameMark } from "@/scripts/recordings/file-mark";
import type { ImportResult } from "@/scripts/recordings/import-recordings";
import { isOpenForWriting } from "@/scripts/recordings/is-open-for-writing";
import { putDifferingAside, putStoredAside, removeStored } from "@/scripts/recordings/spool";
import type { SpoolOptions, StoredFile } from "@/scripts/recordings/take-spool-file";

/**
 * Waits until a stored file has settled again. A file that was written meanwhile (a paused recording) is set aside and
 * reported as failed; any other is removed if requested. At the signal it stays, and the next start repeats this.
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
      problem: `putting aside: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
    };
  }
}

/** False if it was written to. */
async function finish(spool: string, file: string, { place, mark }: StoredFile): Promise<boolean> {
  const now = await fileMark(place);
  if (!now) return true;
  const isToBeRemoved = place === file && isSameMark(mark, now);
  // After the rename no process opens it any more: a writer has it open already.
  const last = isToBeRemoved ? await putStoredAside(spool, file) : place;
  if (!isSameMark(mark, (await fileMark(last)) ?? mark)) {
    await putDifferingAside(spool, last, file);
    return false;
  }
  if (isToBeRemoved && !(await isOpenForWriting(last))) await removeStored(last);
  return true;
}
