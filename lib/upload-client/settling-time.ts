import { stat } from "node:fs/promises";

/**
 * How long to wait, in milliseconds, until nothing was written to a file for `settleMs`: 0 when it is finished, null when it is gone.
 * Never more than `settleMs`, so that a file server whose clock is ahead is only looked at again.
 */
export async function settlingTime(file: string, settleMs: number): Promise<number | null> {
  const found = await stat(file).catch(() => null);
  return found && Math.min(settleMs, Math.max(0, settleMs - (Date.now() - found.mtimeMs)));
}
