const STEP_MS = 5000;
const PAGE_MS = 30_000;

/** Returns where a key moves the seek slider, in milliseconds; null for other keys (WAI-ARIA slider pattern). */
export function sliderTarget(key: string, positionMs: number, durationMs: number): number | null {
  const moves: Record<string, number> = {
    ArrowRight: positionMs + STEP_MS,
    ArrowUp: positionMs + STEP_MS,
    ArrowLeft: positionMs - STEP_MS,
    ArrowDown: positionMs - STEP_MS,
    PageUp: positionMs + PAGE_MS,
    PageDown: positionMs - PAGE_MS,
    Home: 0,
    End: durationMs,
  };
  const target = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return target === undefined ? null : clampPosition(target, durationMs);
}

/** Limits a position to the recording. */
export function clampPosition(positionMs: number, durationMs: number): number {
  return Math.min(durationMs, Math.max(0, positionMs));
}
