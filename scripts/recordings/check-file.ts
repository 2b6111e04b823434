import { open } from "node:fs/promises";
import { wavEnds } from "@/scripts/recordings/wav-ends";
import { fileMark, type FileMark } from "@/scripts/recordings/file-mark";
import { isOpenForWriting } from "@/scripts/recordings/is-open-for-writing";

/** When a file counts as finished, in milliseconds. */
export type FinishedAfter = {
  /** The time without a write. */
  settleMs: number;
  /** The same for a file that looks unfinished: a recorder that crashed, or writes to a pipe, leaves the header so. */
  unfinishedMs: number;
};

/** A file without a write for long. `note`: it looks unfinished, or a process has it open for writing. */
export type FinishedFile = { mark: FileMark; note: "unfinished" | "open" | null };

const headBytes = 4096;
/** A smaller file has no complete header of any container. */
const smallestBytes = 12;

/**
 * Checks whether a file is finished: it has settled, its size matches its header (WAV), and no process that we can
 * see has it open for writing. Settling alone proves little: a recording pauses while a caller is on hold. After
 * `unfinishedMs` the file counts as finished, because a recording whose recorder crashed still plays.
 * @returns `waitMs` until the next check if it is not finished; null if it does not exist.
 */
export async function checkFile(
  file: string,
  { settleMs, unfinishedMs }: FinishedAfter,
): Promise<FinishedFile | { waitMs: number } | null> {
  const mark = await fileMark(file);
  if (!mark) return null;
  const quietMs = Date.now() - mark.mtimeMs;
  // At most `settleMs`: the clock of a file server may be ahead.
  if (quietMs < settleMs) return { waitMs: Math.min(settleMs, Math.ceil(settleMs - quietMs)) };
  const isWhole = await looksWhole(file, mark.sizeBytes);
  const mayWait = quietMs < unfinishedMs;
  // Checked last, because it is slow.
  const isOpen = (isWhole || !mayWait) && (await isOpenForWriting(file));
  if (mayWait && (isOpen || !isWhole)) return { waitMs: Math.min(settleMs, Math.ceil(unfinishedMs - quietMs)) };
  return { mark, note: isOpen ? "open" : isWhole ? null : "unfinished" };
}

async function looksWhole(file: string, sizeBytes: number): Promise<boolean> {
  if (sizeBytes < smallestBytes) return false;
  const ends = wavEnds(await readHead(file));
  // Some recorders pad an odd length with a byte, and some count that byte.
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
