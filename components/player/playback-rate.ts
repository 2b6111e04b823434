/** The speeds offered. Outside of them speech is not understood any more. */
export const PLAYBACK_RATES = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

/** The next faster (1) or slower (-1) speed; the ends stay where they are. */
export function stepRate(rate: number, direction: 1 | -1): number {
  const index = PLAYBACK_RATES.findIndex((candidate) => candidate >= rate);
  const next = (index < 0 ? PLAYBACK_RATES.length - 1 : index) + direction;
  return PLAYBACK_RATES[Math.min(PLAYBACK_RATES.length - 1, Math.max(0, next))] ?? rate;
}
