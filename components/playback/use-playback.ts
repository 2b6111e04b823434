import { type RefObject, useEffect, useState, useSyncExternalStore } from "react";
import type { RequestGrant } from "@/components/playback/grant-machine";
import type { ReportHeard } from "@/components/playback/heard-reporter";
import { PlaybackController } from "@/components/playback/playback-controller";
import type { PlaybackSnapshot } from "@/components/playback/playback-snapshot";
import type { TimeRange } from "@/components/playback/time-range";

export type PlaybackInput = {
  durationMs: number;
  silences: readonly TimeRange[];
  requestGrant: RequestGrant;
  reportHeard?: ReportHeard;
};

/** Creates one controller for the component and its audio element. */
export function usePlayback(
  audioRef: RefObject<HTMLAudioElement | null>,
  { durationMs, silences, requestGrant, reportHeard }: PlaybackInput,
): { controller: PlaybackController; snapshot: PlaybackSnapshot } {
  const [controller] = useState(() => new PlaybackController(durationMs, silences, requestGrant));
  useEffect(() => {
    controller.askWith(requestGrant);
    controller.reportWith(reportHeard);
  }, [controller, requestGrant, reportHeard]);
  useEffect(() => (audioRef.current ? controller.attach(audioRef.current) : undefined), [audioRef, controller]);
  const snapshot = useSyncExternalStore(controller.subscribe, controller.getSnapshot, controller.getSnapshot);
  return { controller, snapshot };
}
