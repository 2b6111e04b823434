import { setTimeout as wait } from "node:timers/promises";
import { recordingEnd } from "@/scripts/recordings/ends/recording-end";
import { writerOf } from "@/scripts/recordings/ends/writer-of";
import { exists } from "@/scripts/recordings/file-paths";
import { fileMark, isSameMark, type FileMark } from "@/scripts/recordings/file-mark";
import type { ImportResult } from "@/scripts/recordings/import-entry";
import { moveDiffering, moveStored, removeStored, takeBack } from "@/scripts/recordings/spool/areas";
import { rememberRemoved } from "@/scripts/recordings/spool/removed-originals";
import type { SpoolOptions, StoredFile } from "@/scripts/recordings/spool/upload-spool-file";

/**
 * Waits until a stored file has settled again. If it was written meanwhile (a paused recording), takes it back to be
 * sent again, as another recording of its call, and reports that; otherwise removes it if requested. A file with an id
 * of its own cannot be sent again: it is moved aside. At the signal it leaves the file to the next start.
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
    const end = await finish(spool, file, stored);
    if (end === "finished") return result;
    const isAgain = end === "taken back";
    const problem = `file: written to after it was stored; it is ${isAgain ? "sent again" : "kept"}`;
    return { ...result, outcome: "failed", problem, ...(isAgain ? { mayPass: true } : {}) };
  } catch (error) {
    return {
      ...result,
      outcome: "failed",
      problem: `moving: ${(error as NodeJS.ErrnoException).code ?? "failed"}`,
      // What lies in `.stored` already gets no other turn.
      ...((await exists(file)) ? { mayPass: true } : {}),
    };
  }
}

/** True if nobody may write to the file again, as far as we see: where we see nothing, only its end mark says so. */
async function hasNoWriter(file: string, { sizeBytes }: FileMark): Promise<boolean> {
  const writer = await writerOf(file);
  return writer === "closed" || (writer === "unseen" && (await recordingEnd(file, sizeBytes)) === "ended");
}

/** Removes the file if requested and unchanged. */
async function finish(
  spool: string,
  file: string,
  { place, mark, hasOwnId }: StoredFile,
): Promise<"finished" | "taken back" | "moved aside"> {
  const now = await fileMark(place);
  if (!now) return "finished";
  const isToBeRemoved = place === file && isSameMark(mark, now);
  // After the rename no process can open it by its name: a writer must have opened it before.
  const last = isToBeRemoved ? await moveStored(spool, file) : place;
  if (!isSameMark(mark, (await fileMark(last)) ?? mark)) {
    if (!hasOwnId && (await takeBack(last, file))) return "taken back";
    await moveDiffering(spool, last, file);
    return "moved aside";
  }
  if (isToBeRemoved && (await hasNoWriter(last, mark))) {
    await rememberRemoved(spool, file, last).catch((error: NodeJS.ErrnoException) => {
      // Removing is what frees a full disk. Its compressed copy may then be stored too.
      if (error.code !== "ENOSPC" && error.code !== "EDQUOT") throw error;
    });
    await removeStored(last);
  }
  return "finished";
}
