"use client";

import { useTranslations } from "next-intl";
import { useLayoutEffect, useRef } from "react";
import { cn } from "@/components/ui/cn";
import type { Peaks } from "@/components/playback/peaks";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import type { TimeRange } from "@/components/playback/time-range";
import { useScrub } from "@/components/playback/use-scrub";
import { useSpokenTime } from "@/components/playback/use-spoken-time";
import { useWaveformCanvas } from "@/components/playback/use-waveform-canvas";
import { formatDuration } from "@/lib/i18n/format";

export type SeekBarProps = {
  peaks: Peaks | null;
  snapshot: PlaybackSnapshot;
  sent: readonly TimeRange[];
  currentMs: () => number;
  seekTo: (milliseconds: number) => void;
};

/** The waveform (without peaks: a plain track) as a slider. */
export function SeekBar({ peaks, snapshot, sent, currentMs, seekTo }: SeekBarProps) {
  const t = useTranslations("player.position");
  const spoken = useSpokenTime();
  const canvasRef = useRef<HTMLCanvasElement>(null);
  const { durationMs, buffered } = snapshot;
  const { scrubMs, hoverMs, handlers } = useScrub({ positionMs: snapshot.positionMs, durationMs, seekTo });
  const shownMs = scrubMs ?? snapshot.positionMs;
  useWaveformCanvas(canvasRef, {
    peaks,
    progress: { positionMs: shownMs, durationMs, buffered, sent },
    moving: snapshot.activity === "playing" && scrubMs === null,
    currentMs,
  });
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={t("label")}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(shownMs / 1000)}
      aria-valuetext={t("of", { position: spoken(shownMs), duration: spoken(durationMs) })}
      className="relative min-w-0 flex-1 cursor-pointer touch-pan-y select-none"
      {...handlers}
    >
      <canvas
        ref={canvasRef}
        aria-hidden
        className={cn("block w-full", !peaks && "h-12", peaks && (peaks.lanes.length > 1 ? "h-40 sm:h-36" : "h-20"))}
      />
      <TimeMark atMs={scrubMs ?? hoverMs} durationMs={durationMs} />
    </div>
  );
}

/**
 * Shows the time under the pointer. Positioned through the style object, because the content security policy refuses
 * style attributes.
 */
function TimeMark({ atMs, durationMs }: { atMs: number | null; durationMs: number }) {
  const ref = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (ref.current && atMs !== null) ref.current.style.left = `${(atMs / durationMs) * 100}%`;
  }, [atMs, durationMs]);
  if (atMs === null) return null;
  return (
    <span ref={ref} aria-hidden className="pointer-events-none absolute inset-y-0 w-px bg-ink-muted">
      <span className="absolute -top-4 left-0 -translate-x-1/2 rounded-sm bg-ink px-1 text-xs text-surface">
        {formatDuration(atMs / 1000)}
      </span>
    </span>
  );
}
