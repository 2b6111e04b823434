const minuteMs = 60_000;
const sixHoursMs = 6 * 60 * minuteMs;

/** The delay after the nth failed attempt: 1, 2, 4 minutes and so on, at most `longestMs`. */
export function retryDelayMs(attempt: number, longestMs = sixHoursMs): number {
  return Math.min(minuteMs * 2 ** (attempt - 1), longestMs);
}
