import type { CallOrder } from "@/components/playback/call-sequence";
import { PassedRecording } from "@/components/playback/passed-recording";
import { RecordingPlayback } from "@/components/playback/recording-playback";
import { RecordingNotice } from "@/components/recordings/recording-notice";
import { loadPage } from "@/lib/http/load-page";
import { env } from "@/lib/core/env";
import { formatBeside } from "@/lib/i18n/format";
import { playbackPurposes } from "@/lib/playback/grant-playback";
import type { Playback } from "@/lib/playback/list-playbacks";
import { readCallSequence, type CallSequence } from "@/lib/playback/read-call-sequence";
import { readPlayability } from "@/lib/playback/read-playability";
import type { RecordingDetails } from "@/lib/recordings/read-recording";

const purposes = playbackPurposes.map((value) => ({ value, labelKey: `player.purposes.${value}` }));

type RecordingSoundProps = {
  recording: RecordingDetails;
  playbacks: readonly Playback[];
  isOneOfSeveral: boolean;
  startsAtMs: number;
};

/** The player of a recording and its call, or why there is none. */
export async function RecordingSound({ recording, playbacks, isOneOfSeveral, startsAtMs }: RecordingSoundProps) {
  const { id: recordingId, durationMs, channels, contentType, waveform } = recording;
  const isStopped = recording.isEmpty || recording.isQuarantined || recording.isBlocked;
  const isPlayable = recording.state === "stored" && recording.mayPlay && !isStopped;
  if (!isPlayable)
    return (
      <>
        <RecordingNotice recording={recording} />
        <PassedRecording key={recordingId} recordingId={recordingId} />
      </>
    );
  const [playability, sequence] = await Promise.all([
    loadPage(readPlayability, { recordingId }),
    isOneOfSeveral ? loadPage(readCallSequence, { recordingId }) : null,
  ]);
  return (
    <RecordingPlayback
      key={[recordingId, ...(sequence?.sides ?? []).map(({ id }) => id)].join(" ")}
      sides={sequence?.sides ?? null}
      order={sequence && callOrder(sequence)}
      recording={{ id: recordingId, durationMs: durationMs ?? 0, channels: channels ?? 1, contentType, waveform }}
      playability={playability}
      purposes={purposes}
      canDownload={recording.mayDownload}
      startsAtMs={startsAtMs}
      sentRanges={playbacks.flatMap((playback) => playback.parts)}
    />
  );
}

/** A part of two sides is found on the page of the agent's. */
function callOrder({ parts, current }: CallSequence): CallOrder | null {
  if (current === null) return null;
  return {
    current,
    parts: parts.map(({ recordingIds, startedAt, timeZone, problem }) => ({
      recordingId: recordingIds[0]!,
      startedAt: formatBeside(startedAt, timeZone, env().CONTROLLER_TIME_ZONE),
      problem,
    })),
  };
}
