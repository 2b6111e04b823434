const minuteMs = 60_000;
const longestMs = 6 * 60 * minuteMs;

/** The delay after the nth failed attempt: 1, 2, 4 minutes and so on, at most 6 hours. */
export function retryDelayMs(attempt: number): number {
  return Math.min(minuteMs * 2 ** (attempt - 1), longestMs);
}
