import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks again until the condition holds, first at once.
 * @param what names the condition, for the error that is thrown after `limitMs`.
 */
export async function waitUntil(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { intervalMs = 20, limitMs = 60_000 } = {},
): Promise<void> {
  for (const end = performance.now() + limitMs; !(await holds()); await sleep(intervalMs))
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
}

/** The time that a simulated slow edge or writer takes. Never a wait for something to happen: see `waitUntil`. */
export const simulatedDelay = (milliseconds: number) => sleep(milliseconds);
