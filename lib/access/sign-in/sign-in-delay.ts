const freeFailures = 3;
const longestSeconds = 15 * 60;

/**
 * Seconds to wait after the nth failed sign-in in a row: nothing for the first three, then 2, 4, 8 … up to 15 minutes.
 * Alike for accounts that exist and those that do not.
 */
export function signInDelaySeconds(failures: number): number {
  return failures <= freeFailures ? 0 : Math.min(longestSeconds, 2 ** Math.min(failures - freeFailures, 20));
}
