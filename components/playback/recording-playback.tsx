"use client";

import { useRouter } from "next/navigation";
import { useCallback } from "react";
import { useFreshProof } from "@/components/forms/fresh-proof";
import type { CallOrder } from "@/components/playback/call-sequence";
import type { ReportHeard } from "@/components/playback/heard-reporter";
import { RecordingPlayer } from "@/components/playback/recording-player";
import { reportHeard } from "@/components/playback/report-heard";
import type { PlayableRecording } from "@/components/playback/playable-recording";
import type { PlaybackAccess } from "@/components/playback/grant-machine";
import type { PurposeOption } from "@/components/playback/purpose-form";
import type { CallSide } from "@/lib/playback/read-call-sequence";
import type { Playability } from "@/lib/playback/read-playability";
import type { TimeRange } from "@/components/playback/time-range";
import { useCallSequence } from "@/components/playback/use-call-sequence";

type RecordingPlaybackProps = {
  /** Both sides of the call that play together, the agent's first: one of them is the recording of this page. */
  sides: CallSide[] | null;
  recording: PlayableRecording;
  playability: Playability;
  purposes: readonly PurposeOption[];
  canDownload: boolean;
  sentRanges: readonly TimeRange[];
  /** The parts of the call, which play one after the other. */
  order: CallOrder | null;
  /** Where the player begins, on its own time line. */
  startsAtMs?: number;
};
type Grant = { grantId: string; url: string; expiresAt: string };

/** The player with this portal's grants. When it has reported what was played, it reloads who played what. */
export function RecordingPlayback({ recording, sides, order, sentRanges, ...props }: RecordingPlaybackProps) {
  const router = useRouter();
  const withFreshProof = useFreshProof();
  const download = (access: PlaybackAccess) => askForGrant(`/api/recordings/${recording.id}/download-grants`, access);
  const sequence = useCallSequence(recording.id, order);
  const report = useCallback<ReportHeard>(
    async (grantId, heard, isLast) => {
      const isKnown = await reportHeard(grantId, heard);
      if (isLast) router.refresh();
      return isKnown;
    },
    [router],
  );
  return (
    <RecordingPlayer
      {...playedOf(recording, sides)}
      reportHeard={report}
      requestDownload={(access) => withFreshProof(() => download(access), isProofNeeded)}
      sequence={sequence}
      sentRanges={onTimeLine(sentRanges, sides?.find(({ id }) => id === recording.id)?.startsAtMs ?? 0)}
      {...props}
    />
  );
}

const isProofNeeded = (answer: Grant | { error: string }) => "error" in answer && answer.error === "fresh_proof_needed";

const grantFor = (id: string) => (access: PlaybackAccess) =>
  askForGrant(`/api/recordings/${id}/playback-grants`, access);

/** What was sent of a recording, where it is on the time line of both sides. */
const onTimeLine = (ranges: readonly TimeRange[], startsAtMs: number) =>
  ranges.map(({ startMs, endMs }) => ({ startMs: startMs + startsAtMs, endMs: endMs + startsAtMs }));

/** What the player controls, and the other side. The one that begins first leads; if both do, the longer one. */
function playedOf(recording: PlayableRecording, sides: CallSide[] | null) {
  const [agent, customer] = sides ?? [];
  if (!agent || !customer) return { recording, requestGrant: grantFor(recording.id) };
  const isAgentFirst = (customer.startsAtMs - agent.startsAtMs || agent.durationMs - customer.durationMs) >= 0;
  const [leader, other, side] = isAgentFirst
    ? [agent, customer, "customer" as const]
    : [customer, agent, "agent" as const];
  const mono = (of: CallSide): PlayableRecording => ({ ...of, channels: 1 });
  const { startsAtMs } = other;
  const otherSide = { recording: mono(other), side, startsAtMs, requestGrant: grantFor(other.id) };
  return { recording: mono(leader), requestGrant: grantFor(leader.id), otherSide };
}

/** Asks the portal for a link, under a purpose. */
export async function askForGrant(
  url: string,
  { purpose, reference }: PlaybackAccess,
): Promise<Grant | { error: string }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ purpose, reference }),
  });
  const body = (await answer.json().catch(() => ({}))) as Partial<Grant> & { code?: string };
  return answer.ok && body.grantId && body.url && body.expiresAt
    ? { grantId: body.grantId, url: body.url, expiresAt: body.expiresAt }
    : { error: body.code ?? "internal" };
}
