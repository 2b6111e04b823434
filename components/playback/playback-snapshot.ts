import type { TimeRange } from "@/components/playback/time-range";

/** What the player is doing, from the listener's view. */
export type Activity = "idle" | "loading" | "buffering" | "playing" | "paused" | "ended" | "failed";
/** Whether the two sides of a call can be mixed, or why not. */
export type Mixing = "possible" | "unsupported" | "cross_origin";

/** The playback state that the interface shows. Never changed in place. */
export type PlaybackSnapshot = {
  activity: Activity;
  /** The listener pressed play and did not pause; also true while a link is requested. */
  wanted: boolean;
  /**
   * With `failed`: the code of the refusal, or after the last retry the code of the last link, else `playback_failed`.
   */
  failure: string | null;
  positionMs: number;
  durationMs: number;
  buffered: readonly TimeRange[];
  rate: number;
  volume: number;
  /** False on iOS, where only the phone's buttons change the volume. */
  volumeSettable: boolean;
  muted: boolean;
  skipSilence: boolean;
  /** Left and right, 0 to 1. */
  channelVolumes: readonly [number, number];
  mixing: Mixing;
};

export function initialSnapshot(durationMs: number): PlaybackSnapshot {
  return {
    activity: "idle",
    wanted: false,
    failure: null,
    positionMs: 0,
    durationMs,
    buffered: [],
    rate: 1,
    volume: 1,
    volumeSettable: true,
    muted: false,
    skipSilence: false,
    channelVolumes: [1, 1],
    mixing: "possible",
  };
}
