import { useEffect } from "react";
import type { PlayerControls } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";

export type MediaSessionLabels = { title: string; artist: string };

/** Supports lock screen and media keys. All recordings have the same title: anyone can read a lock screen. */
export function useMediaSession(
  controller: PlayerControls,
  snapshot: PlaybackSnapshot,
  { title, artist }: MediaSessionLabels,
): void {
  const { activity, durationMs, positionMs, rate } = snapshot;
  const isActive = activity !== "idle" && activity !== "failed";
  useEffect(() => {
    if (!isActive || !("mediaSession" in navigator)) return;
    navigator.mediaSession.metadata = new MediaMetadata({ title, artist });
    const stop = handleActions(controller);
    return () => {
      stop();
      navigator.mediaSession.metadata = null;
    };
  }, [isActive, controller, title, artist]);

  const second = Math.round(positionMs / 1000);
  useEffect(() => {
    if (!isActive || !("mediaSession" in navigator)) return;
    navigator.mediaSession.playbackState = activity === "playing" || activity === "buffering" ? "playing" : "paused";
    const duration = durationMs / 1000;
    if (duration > 0)
      navigator.mediaSession.setPositionState({ duration, playbackRate: rate, position: Math.min(second, duration) });
  }, [isActive, activity, durationMs, rate, second]);
}

function handleActions(controller: PlayerControls): () => void {
  const handlers: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
    play: controller.play,
    pause: controller.pause,
    seekbackward: (details) => controller.seekBy(-(details.seekOffset ?? 10) * 1000),
    seekforward: (details) => controller.seekBy((details.seekOffset ?? 10) * 1000),
    seekto: (details) => controller.seekTo((details.seekTime ?? 0) * 1000),
  };
  const actions = Object.entries(handlers) as [MediaSessionAction, MediaSessionActionHandler][];
  for (const [action, handler] of actions) setHandler(action, handler);
  return () => {
    for (const [action] of actions) setHandler(action, null);
  };
}

// Browsers throw for an action that they do not support.
function setHandler(action: MediaSessionAction, handler: MediaSessionActionHandler | null): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler);
  } catch {
    return;
  }
}
