/** The available speeds. Speech is hard to understand outside this range. */
export const PLAYBACK_RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** Returns the next faster (1) or slower (-1) speed, if there is one. */
export function stepRate(rate: number, direction: 1 | -1): number {
  const index = PLAYBACK_RATES.findIndex((candidate) => candidate >= rate);
  const next = (index < 0 ? PLAYBACK_RATES.length - 1 : index) + direction;
  return PLAYBACK_RATES[Math.min(PLAYBACK_RATES.length - 1, Math.max(0, next))] ?? rate;
}
