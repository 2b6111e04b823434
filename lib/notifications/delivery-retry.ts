const firstDelayMs = 15_000;
const longestDelayMs = 2 * 60 * 60_000;

/** A message that is not delivered within this time is given up, and shown as such. */
export const webhookLifeMs = 24 * 60 * 60_000;

/**
 * Delay after the nth failed attempt: 15 s, 30 s, 1 min and so on to 2 h. The actual delay is random between half of it
 * and all of it, so that messages that failed together do not retry together.
 */
export function deliveryRetryDelayMs(attempt: number, random = Math.random()): number {
  const longest = Math.min(firstDelayMs * 2 ** Math.min(attempt - 1, 20), longestDelayMs);
  return Math.round(longest * (0.5 + random / 2));
}
