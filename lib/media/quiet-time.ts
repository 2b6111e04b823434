import { setTimeout as sleep } from "node:timers/promises";
import { readLastArrival } from "@/lib/media/read-last-arrival";
import type { OperationContext } from "@/lib/operation/operation";

/** Some times as long as a sender waits between two batches of completions. */
const quietMs = 1_500;

/**
 * Uploads have priority over decoding: waits until no recording arrived for a moment, at most until `latest` (ms
 * since 1970). False if `signal` ended it.
 */
export async function waitForQuiet(context: OperationContext, latest: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    const { sinceMs } = await readLastArrival(context, {});
    const waitMs = Math.min(quietMs - sinceMs, latest - Date.now());
    if (waitMs <= 0) return true;
    await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}
