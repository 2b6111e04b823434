import { open } from "node:fs/promises";
import { wavEnds } from "@/scripts/recordings/wav-ends";
import { fileMark, type FileMark } from "@/scripts/recordings/file-mark";
import { isOpenForWriting } from "@/scripts/recordings/is-open-for-writing";

/** When a file counts as finished, in milliseconds. */
export type FinishedAfter = {
  /** Nothing was written to it for so long. */
  settleMs: number;
  /** The same for one that looks unfinished: recorders that died, or write to a pipe, never fill in the header. */
  unfinishedMs: number;
};

/**
 * How it was found; with a note when it looks unfinished, or somebody has it open to write, and nothing was written
 * for long.
 */
export type FinishedFile = { mark: FileMark; note: "unfinished" | "open" | null };

const headBytes = 4096;
/** No recording is smaller than what its container begins with. */
const smallestBytes = 12;

/**
 * Whether a file is finished: settled, whole by its own header (WAV), and open for writing to nobody whom this
 * process can see. That one is settled proves little: a recording is paused as long as a caller is on hold. A
 * header that disagrees with the size is waited for, and not refused in the end: a recording whose recorder died is
 * a recording still, and plays.
 * @returns how long to wait before it is looked at again, in milliseconds, when it is not; null when it is gone.
 */
export async function lookAtFile(
  file: string,
  { settleMs, unfinishedMs }: FinishedAfter,
): Promise<FinishedFile | { waitMs: number } | null> {
  const mark = await fileMark(file);
  if (!mark) return null;
  const quietMs = Date.now() - mark.mtimeMs;
  // Never more than `settleMs`, so that a file server whose clock is ahead is only looked at again.
  if (quietMs < settleMs) return { waitMs: Math.min(settleMs, Math.ceil(settleMs - quietMs)) };
  const isWhole = await looksWhole(file, mark.sizeBytes);
  const mayWait = quietMs < unfinishedMs;
  // Who is asked last costs most.
  const isOpen = (isWhole || !mayWait) && (await isOpenForWriting(file));
  if (mayWait && (isOpen || !isWhole)) return { waitMs: Math.min(settleMs, Math.ceil(unfinishedMs - quietMs)) };
  return { mark, note: isOpen ? "open" : isWhole ? null : "unfinished" };
}

async function looksWhole(file: string, sizeBytes: number): Promise<boolean> {
  if (sizeBytes < smallestBytes) return false;
  const ends = wavEnds(await readHead(file));
  // Odd sounds are padded by some, and the padding counted by others.
  return ends === null || ends.some((end) => Math.abs(end - sizeBytes) <= 1);
}

async function readHead(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
