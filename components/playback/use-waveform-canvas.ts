import { type RefObject, useEffect, useLayoutEffect, useRef, useSyncExternalStore } from "react";
import type { Peaks } from "@/components/playback/peaks";
import {
  outlineWaveform,
  paintWaveform,
  readColors,
  type WaveformProgress,
  type WaveformSize,
} from "@/components/playback/waveform-drawing";

type Surface = { context: CanvasRenderingContext2D; outline: Path2D; size: WaveformSize };

export type WaveformCanvasInput = {
  peaks: Peaks | null;
  progress: WaveformProgress;
  /** If true, paints at each animation frame, from `currentMs`. */
  moving: boolean;
  currentMs: () => number;
};

/** Paints a canvas at its pixel density, again when its size or the theme changes, and while the recording plays. */
export function useWaveformCanvas(canvasRef: RefObject<HTMLCanvasElement | null>, input: WaveformCanvasInput): void {
  const surface = useRef<Surface | null>(null);
  const paint = useRef<() => void>(() => undefined);
  const { peaks, progress, moving, currentMs } = input;
  const { durationMs } = progress;

  useLayoutEffect(() => {
    paint.current = () => {
      const canvas = canvasRef.current;
      if (!canvas || !surface.current) return;
      const { context, outline, size } = surface.current;
      const positionMs = moving ? currentMs() : progress.positionMs;
      paintWaveform(context, outline, size, { ...progress, positionMs }, readColors(canvas));
    };
    paint.current();
  });

  useEffect(() => {
    const canvas = canvasRef.current;
    if (!canvas) return;
    const observer = new ResizeObserver(() => {
      surface.current = prepareSurface(canvas, peaks, durationMs);
      paint.current();
    });
    observer.observe(canvas);
    return () => observer.disconnect();
  }, [canvasRef, peaks, durationMs]);

  useEffect(() => watchTheme(() => paint.current()), []);

  const isCalm = usePrefersReducedMotion();
  useEffect(() => {
    if (!moving || isCalm) return;
    let frame = requestAnimationFrame(function next() {
      paint.current();
      frame = requestAnimationFrame(next);
    });
    return () => cancelAnimationFrame(frame);
  }, [moving, isCalm]);
}

function prepareSurface(canvas: HTMLCanvasElement, peaks: Peaks | null, durationMs: number): Surface | null {
  const context = canvas.getContext("2d");
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  if (!context || size.width === 0) return null;
  const density = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * density);
  canvas.height = Math.round(size.height * density);
  context.setTransform(density, 0, 0, density, 0, 0);
  return { context, outline: outlineWaveform(peaks, durationMs, size), size };
}

function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "data-theme", "style"] });
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", changed);
  };
}

const REDUCED_MOTION = "(prefers-reduced-motion: reduce)";

function usePrefersReducedMotion(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(REDUCED_MOTION);
      query.addEventListener("change", changed);
      return () => query.removeEventListener("change", changed);
    },
    () => window.matchMedia(REDUCED_MOTION).matches,
    () => true,
  );
}
