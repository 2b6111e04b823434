import type { TimeRange } from "@/components/player/time-range";

/** What the player is doing, as the listener sees it. */
export type Activity = "idle" | "loading" | "buffering" | "playing" | "paused" | "ended" | "failed";
/** Why the two sides of a call can or cannot be mixed. */
export type Mixing = "possible" | "unsupported" | "cross_origin";

/** Everything the interface shows of the playback at one moment. Never changed in place. */
export type PlaybackSnapshot = {
  activity: Activity;
  /** The listener asked for sound and did not take it back; true also while a link is fetched. */
  wanted: boolean;
  /**
   * With `failed`: the code of the refusal, or, when all attempts were used up, what the last link answered, else
   * `playback_failed`.
   */
  failure: string | null;
  positionMs: number;
  durationMs: number;
  buffered: readonly TimeRange[];
  rate: number;
  volume: number;
  /** False on iOS, where only the buttons of the phone change it. */
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
