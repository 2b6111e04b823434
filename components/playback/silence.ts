import type { Peaks } from "./peaks";
import type { TimeRange } from "./time-range";

/** Shorter pauses are part of normal speech. */
export const MINIMUM_SILENCE_MS = 1200;
/** Kept on both sides of a silence, so that no syllable is cut. */
export const SILENCE_MARGIN_MS = 200;

/** Finds where all channels are quiet for longer than `MINIMUM_SILENCE_MS`, in order. */
export function findSilences(peaks: Peaks | null): TimeRange[] {
  if (!peaks) return [];
  const loudest = loudestPerBucket(peaks.lanes);
  const threshold = silenceThreshold(loudest);
  const silences: TimeRange[] = [];
  let start = -1;
  for (let bucket = 0; bucket <= loudest.length; bucket++) {
    const quiet = bucket < loudest.length && (loudest[bucket] ?? 0) <= threshold;
    if (quiet && start < 0) start = bucket;
    if (quiet || start < 0) continue;
    const silence = { startMs: start * peaks.bucketMs, endMs: bucket * peaks.bucketMs };
    if (silence.endMs - silence.startMs > MINIMUM_SILENCE_MS) silences.push(silence);
    start = -1;
  }
  return silences;
}

/**
 * Returns the target of a jump over the silence at `positionMs`, or null. `jumpedFromMs` is the start of the last
 * silence jumped over: some formats seek to before the target, and would jump over it for ever.
 */
export function silenceJump(
  silences: readonly TimeRange[],
  positionMs: number,
  jumpedFromMs: number | null,
): { targetMs: number; fromMs: number } | null {
  const silence = silences.find((range) => positionMs >= range.startMs + SILENCE_MARGIN_MS && positionMs < range.endMs);
  if (!silence || silence.startMs === jumpedFromMs) return null;
  const targetMs = silence.endMs - SILENCE_MARGIN_MS;
  return targetMs - positionMs >= SILENCE_MARGIN_MS ? { targetMs, fromMs: silence.startMs } : null;
}

/** Jumps over silences: over each one once, until the listener seeks. */
export class SilenceSkipper {
  readonly #silences: readonly TimeRange[];
  #jumpedFromMs: number | null = null;

  constructor(silences: readonly TimeRange[]) {
    this.#silences = silences;
  }

  /** Returns the position after the silence at `positionMs`, or null. */
  jumpFrom(positionMs: number): number | null {
    const jump = silenceJump(this.#silences, positionMs, this.#jumpedFromMs);
    if (jump) this.#jumpedFromMs = jump.fromMs;
    return jump?.targetMs ?? null;
  }

  /** The listener seeked: each silence may be skipped again. */
  reset(): void {
    this.#jumpedFromMs = null;
  }
}

/** Returns how much time skipping saves, in milliseconds. */
export function skippableMs(silences: readonly TimeRange[]): number {
  return silences.reduce((total, range) => total + Math.max(0, range.endMs - range.startMs - 2 * SILENCE_MARGIN_MS), 0);
}

/** Twice the noise floor of the line, at least 4 of 255 and at most a tenth of the voices. */
function silenceThreshold(loudest: Uint8Array): number {
  const ordered = loudest.toSorted();
  const floor = ordered[Math.floor(ordered.length * 0.1)] ?? 0;
  const voices = ordered[Math.floor(ordered.length * 0.95)] ?? 0;
  return Math.max(4, Math.min(floor * 2, voices * 0.1));
}

function loudestPerBucket(lanes: readonly Uint8Array[]): Uint8Array {
  const loudest = new Uint8Array(lanes[0]?.length ?? 0);
  for (const lane of lanes) lane.forEach((peak, bucket) => (loudest[bucket] = Math.max(loudest[bucket] ?? 0, peak)));
  return loudest;
}
