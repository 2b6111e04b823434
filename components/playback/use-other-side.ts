import { type RefObject, useEffect } from "react";
import type { OtherSide } from "@/components/playback/playable-recording";
import type { PlaybackController } from "@/components/playback/playback-controller";
import { SidesInStep } from "@/components/playback/sides-in-step";
import { usePlayback } from "@/components/playback/use-playback";

/** The recording of the other side, in step with this one. Without one its controller does nothing. */
export function useOtherSide(
  controller: PlaybackController,
  otherRef: RefObject<HTMLAudioElement | null>,
  otherSide: OtherSide | null,
) {
  const other = usePlayback(otherRef, {
    durationMs: otherSide?.recording.durationMs ?? 0,
    silences: [],
    requestGrant: otherSide?.requestGrant ?? (() => Promise.resolve({ error: "internal" })),
  });
  const side = otherSide?.side ?? null;
  useEffect(() => {
    if (side === null) return;
    controller.sound.joinSide(other.controller.sound, side === "agent" ? 1 : 0);
    return new SidesInStep(controller, other.controller).start();
  }, [controller, other.controller, side]);
  return other;
}
