import type { RequestGrant } from "@/components/playback/grant-machine";
import type { StoredWaveform } from "@/components/playback/peaks";

export type PlayableRecording = {
  id: string;
  durationMs: number;
  channels: number;
  contentType: string;
  /** Null for a format that the server cannot decode: it still plays. */
  waveform: StoredWaveform | null;
};

/** The recording of the other side of a call, which plays with the first. `startsAtMs`: so long after the first. */
export type OtherSide = {
  recording: PlayableRecording;
  side: "agent" | "customer";
  startsAtMs: number;
  requestGrant: RequestGrant;
};
