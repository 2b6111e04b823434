import { type RefObject, useEffect, useState } from "react";
import { BothSides } from "@/components/playback/both-sides";
import type { ReportHeard } from "@/components/playback/heard-reporter";
import type { OtherSide } from "@/components/playback/playable-recording";
import type { PlaybackController } from "@/components/playback/playback-controller";
import type { TimeRange } from "@/components/playback/time-range";
import { usePlayback } from "@/components/playback/use-playback";

type OtherSideInput = { otherSide: OtherSide | null; silences: readonly TimeRange[]; reportHeard?: ReportHeard };

/** The recording of the other side, and both as one. Without another side its controller does nothing. */
export function useOtherSide(
  controller: PlaybackController,
  otherRef: RefObject<HTMLAudioElement | null>,
  { otherSide, silences, reportHeard }: OtherSideInput,
) {
  const startsAtMs = otherSide?.startsAtMs ?? 0;
  const { durationMs: leaderMs } = controller.getSnapshot();
  const other = usePlayback(otherRef, {
    durationMs: otherSide?.recording.durationMs ?? 0,
    silences: afterEnd(silences, leaderMs, startsAtMs),
    requestGrant: otherSide?.requestGrant ?? (() => Promise.resolve({ error: "internal" })),
    reportHeard,
  });
  const side = otherSide?.side ?? null;
  const [both] = useState(() => (side === null ? null : new BothSides(controller, other.controller, startsAtMs)));
  useEffect(() => {
    if (side === null || both === null) return;
    controller.sound.joinSide(other.controller.sound, side === "agent" ? 1 : 0);
    return both.start();
  }, [both, controller, other.controller, side]);
  return { ...other, both };
}

/** Silences after the end of the leader, which skips all others, on the time line of the other side. */
const afterEnd = (silences: readonly TimeRange[], leaderMs: number, startsAtMs: number): TimeRange[] =>
  silences
    .filter(({ endMs }) => endMs > leaderMs)
    .map(({ startMs, endMs }) => ({ startMs: Math.max(startMs, leaderMs) - startsAtMs, endMs: endMs - startsAtMs }));
