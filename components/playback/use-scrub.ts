import { type KeyboardEvent, type PointerEvent, useState } from "react";
import { clampPosition, sliderTarget } from "@/components/playback/slider-keys";

export type ScrubInput = { positionMs: number; durationMs: number; seekTo: (milliseconds: number) => void };

/**
 * Seeks with mouse, finger and keys. While a pointer is down only `scrubMs` moves; releasing it seeks, so that a drag
 * does not request a range for every pixel. `hoverMs` is the time under the mouse.
 */
export function useScrub({ positionMs, durationMs, seekTo }: ScrubInput) {
  const [scrubMs, setScrubMs] = useState<number | null>(null);
  const [hoverMs, setHoverMs] = useState<number | null>(null);

  const pointedMs = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    return clampPosition(((event.clientX - box.left) / box.width) * durationMs, durationMs);
  };
  const release = () => setScrubMs(null);

  const handlers = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setScrubMs(pointedMs(event));
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const pointed = pointedMs(event);
      if (event.pointerType === "mouse") setHoverMs(pointed);
      if (scrubMs !== null) setScrubMs(pointed);
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      if (scrubMs !== null) seekTo(pointedMs(event));
      release();
    },
    // The browser uses the touch to scroll.
    onPointerCancel: release,
    onPointerLeave: () => setHoverMs(null),
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const target = sliderTarget(event.key, positionMs, durationMs);
      if (target === null) return;
      event.preventDefault();
      seekTo(target);
    },
  };
  return { scrubMs, hoverMs, handlers };
}
