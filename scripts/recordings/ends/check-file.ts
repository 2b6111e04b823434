import type { RecordingEnd } from "@/scripts/recordings/ends/open-source";
import { recordingEnd } from "@/scripts/recordings/ends/recording-end";
import { writerOf, type Writer } from "@/scripts/recordings/ends/writer-of";
import { fileMark, type FileMark } from "@/scripts/recordings/file-mark";

/** When a file counts as finished, in milliseconds. */
export type FinishedAfter = {
  /** The time without a write. */
  settleMs: number;
  /** The same for a file whose end is missing: its recorder crashed, or still writes to it. */
  unfinishedMs: number;
};

/** A file without a write for long. `note`: its end is missing, or a process has it open for writing. */
export type FinishedFile = { mark: FileMark; note: "unfinished" | "open" | null };

/**
 * Why a file waits. `settling`: it was written to just now; `unfinished`: its end is missing; `open`: a process has it
 * open for writing; `original`: the file that it was made of is sent before; `unseen`: its format has no end mark, and
 * we cannot see who has it open.
 */
export type WaitReason = "settling" | "unfinished" | "open" | "original" | "unseen";
export type Waiting = { waitMs: number; reason: WaitReason };

/** Where we cannot see who has a file open, only a longer time without a write tells that it has ended. */
const longerForUnseen = { unknown: 10, unfinished: 24 };

/**
 * Checks whether a file is finished: nothing was written to it for a while, its content says that it ended, and no
 * process has it open for writing. Time alone proves little: a recorder writes in large steps, and nothing while a
 * caller is silent or on hold. A file without its end counts as finished after `unfinishedMs` (24 times as long if we
 * cannot see who has it open), because a recording whose recorder crashed still plays.
 * @returns null if the file does not exist.
 */
export async function checkFile(
  file: string,
  { settleMs, unfinishedMs }: FinishedAfter,
): Promise<FinishedFile | Waiting | null> {
  const mark = await fileMark(file);
  if (!mark) return null;
  const quietMs = Date.now() - mark.mtimeMs;
  const until = (neededMs: number, reason: WaitReason): Waiting => ({
    // At most `settleMs`: the clock of a file server may be ahead.
    waitMs: Math.min(settleMs, Math.ceil(neededMs - quietMs)),
    reason,
  });
  if (quietMs < settleMs) return until(settleMs, "settling");
  const end = mark.sizeBytes === 0 ? "unknown" : await recordingEnd(file, mark.sizeBytes);
  if (end === "unfinished" && quietMs < unfinishedMs) return until(unfinishedMs, "unfinished");
  // Asked last, because it is slow.
  const writer = await writerOf(file);
  if (writer === "open") return quietMs < unfinishedMs ? until(unfinishedMs, "open") : { mark, note: "open" };
  const neededMs = quietNeeded(end, writer, { settleMs, unfinishedMs });
  if (quietMs < neededMs) return until(neededMs, end === "unfinished" ? "unfinished" : "unseen");
  return { mark, note: end === "unfinished" ? "unfinished" : null };
}

function quietNeeded(end: RecordingEnd, writer: Writer, { settleMs, unfinishedMs }: FinishedAfter): number {
  if (end === "ended") return settleMs;
  const once = end === "unknown" ? settleMs : unfinishedMs;
  return writer === "unseen" ? once * longerForUnseen[end] : once;
}
