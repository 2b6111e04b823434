"use client";

import { useLayoutEffect, useMemo, useRef, useState, type PointerEvent } from "react";
import { decodePeaks, type StoredWaveform } from "@/components/playback/peaks";
import type { TimeRange } from "@/components/playback/time-range";
import { useWaveformCanvas } from "@/components/playback/use-waveform-canvas";
import { cn } from "@/components/ui/cn";

type SilenceTrackProps = {
  waveform: StoredWaveform | null;
  durationMs: number;
  positionMs: number;
  silences: readonly TimeRange[];
  /** The part that is being marked. */
  draft: TimeRange | null;
  onMark: (part: TimeRange) => void;
};

const noRanges: readonly TimeRange[] = [];

/** The waveform, on which a part is marked by dragging. The fields beside it do the same for keyboards. */
export function SilenceTrack({ waveform, durationMs, positionMs, silences, draft, onMark }: SilenceTrackProps) {
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const peaks = useMemo(() => decodePeaks(waveform), [waveform]);
  const [from, setFrom] = useState<number | null>(null);
  useWaveformCanvas(canvasRef, {
    peaks,
    progress: { positionMs, durationMs, buffered: noRanges, sent: noRanges },
    moving: false,
    currentMs: () => positionMs,
  });
  const at = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * durationMs);
  };
  const mark = (event: PointerEvent<HTMLDivElement>) => {
    if (from === null) return;
    const to = at(event);
    if (Math.abs(to - from) >= 50) onMark({ startMs: Math.min(from, to), endMs: Math.max(from, to) });
  };
  return (
    <div
      aria-hidden
      data-testid="silence-track"
      className="relative min-w-0 cursor-crosshair touch-pan-y overflow-hidden rounded-md border border-line"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom(at(event));
      }}
      onPointerMove={mark}
      onPointerUp={(event) => {
        mark(event);
        setFrom(null);
      }}
      onPointerCancel={() => setFrom(null)}
    >
      <canvas ref={canvasRef} className={cn("block w-full", (peaks?.lanes.length ?? 0) > 1 ? "h-28" : "h-20")} />
      {silences.map((part) => (
        <Shade key={`${part.startMs} ${part.endMs}`} part={part} durationMs={durationMs} className="bg-danger/30" />
      ))}
      {draft ? <Shade part={draft} durationMs={durationMs} className="bg-accent/30" /> : null}
    </div>
  );
}

type ShadeProps = { part: TimeRange; durationMs: number; className: string };

/** Placed through the style object, because the content security policy refuses style attributes. */
function Shade({ part: { startMs, endMs }, durationMs, className }: ShadeProps) {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    const share = (milliseconds: number) => `${(Math.min(milliseconds, durationMs) / durationMs) * 100}%`;
    if (!ref.current || durationMs <= 0) return;
    ref.current.style.left = share(startMs);
    ref.current.style.width = share(Math.min(endMs, durationMs) - startMs);
  }, [startMs, endMs, durationMs]);
  return <span ref={ref} className={cn("pointer-events-none absolute inset-y-0", className)} />;
}
