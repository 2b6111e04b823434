import { drawingGain, type Peaks, poolLane } from "@/components/playback/peaks";
import type { TimeRange } from "@/components/playback/time-range";

/** Width of one bar with its gap, in CSS pixels. */
const BAR_PITCH = 3;
const BAR_WIDTH = 2;
const LANE_GAP = 8;
/** Below this width the names of the channels need space above them. */
const NARROW = 560;
const LABEL_HEIGHT = 20;
/** Space below the channels for the line that marks what was sent before. */
const FOOT = 6;
const TRACK_HEIGHT = 6;

export type WaveformColors = { played: string; buffered: string; unplayed: string; sent: string; playhead: string };
export type WaveformSize = { width: number; height: number };
export type WaveformProgress = {
  positionMs: number;
  durationMs: number;
  buffered: readonly TimeRange[];
  sent: readonly TimeRange[];
};

/**
 * Computes the outline of all bars once for a width; each frame only fills it in three colours. Without peaks it is a
 * flat track.
 */
export function outlineWaveform(peaks: Peaks | null, durationMs: number, { width, height }: WaveformSize): Path2D {
  const path = new Path2D();
  if (!peaks) {
    path.roundRect(0, (height - FOOT - TRACK_HEIGHT) / 2, width, TRACK_HEIGHT, TRACK_HEIGHT / 2);
    return path;
  }
  const gain = drawingGain(peaks.lanes);
  const share = (height - FOOT) / peaks.lanes.length;
  const above = peaks.lanes.length > 1 && width < NARROW ? LABEL_HEIGHT : LANE_GAP / 2;
  const laneHeight = share - above - LANE_GAP / 2;
  const bars = Math.max(1, Math.floor(width / BAR_PITCH));
  peaks.lanes.forEach((lane, index) => {
    const middle = index * share + above + laneHeight / 2;
    poolLane(lane, peaks.bucketMs, durationMs, bars).forEach((peak, bar) => {
      const half = Math.max(0.75, (Math.min(1, peak * gain) * laneHeight) / 2);
      path.roundRect((bar / bars) * width, middle - half, BAR_WIDTH, half * 2, Math.min(1, half));
    });
  });
  return path;
}

/** Paints one frame. `context` is already scaled to CSS pixels. */
export function paintWaveform(
  context: CanvasRenderingContext2D,
  outline: Path2D,
  size: WaveformSize,
  progress: WaveformProgress,
  colors: WaveformColors,
): void {
  const toX = (milliseconds: number) =>
    progress.durationMs > 0 ? (milliseconds / progress.durationMs) * size.width : 0;
  const fillBetween = (startMs: number, endMs: number, color: string) => {
    context.save();
    context.beginPath();
    context.rect(toX(startMs), 0, toX(endMs) - toX(startMs), size.height);
    context.clip();
    context.fillStyle = color;
    context.fill(outline);
    context.restore();
  };
  context.clearRect(0, 0, size.width, size.height);
  context.globalAlpha = 0.7;
  fillBetween(0, progress.durationMs, colors.unplayed);
  context.globalAlpha = 1;
  for (const range of progress.buffered) fillBetween(range.startMs, range.endMs, colors.buffered);
  fillBetween(0, progress.positionMs, colors.played);
  context.fillStyle = colors.sent;
  for (const range of progress.sent) {
    context.fillRect(toX(range.startMs), size.height - 2, Math.max(2, toX(range.endMs) - toX(range.startMs)), 2);
  }
  context.fillStyle = colors.playhead;
  context.fillRect(Math.min(size.width - 2, Math.max(0, toX(progress.positionMs) - 1)), 0, 2, size.height - FOOT);
}

/** Reads the colours of the current theme. */
export function readColors(element: Element): WaveformColors {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    played: read("--accent"),
    buffered: read("--control"),
    unplayed: read("--control"),
    sent: read("--caution"),
    playhead: read("--ink"),
  };
}
