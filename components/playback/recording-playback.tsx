"use client";

import { useRouter } from "next/navigation";
import { RecordingPlayer } from "@/components/playback/recording-player";
import type { PlayableRecording } from "@/components/playback/use-recording-player";
import type { PlaybackAccess } from "@/components/playback/grant-machine";
import type { PurposeOption } from "@/components/playback/purpose-form";
import type { Playability } from "@/lib/playback/read-playability";
import type { TimeRange } from "@/components/playback/time-range";

type RecordingPlaybackProps = {
  recording: PlayableRecording;
  playability: Playability;
  purposes: readonly PurposeOption[];
  canDownload: boolean;
  sentRanges: readonly TimeRange[];
};
type Grant = { url: string; expiresAt: string };

/** The player with this portal's grants. At each pause it reloads who played what. */
export function RecordingPlayback({ recording, ...props }: RecordingPlaybackProps) {
  const router = useRouter();
  return (
    <div onPauseCapture={() => router.refresh()}>
      <RecordingPlayer
        recording={recording}
        requestGrant={(access) => askForGrant(`/api/recordings/${recording.id}/playback-grants`, access)}
        requestDownload={(access) => askForGrant(`/api/recordings/${recording.id}/download-grants`, access)}
        {...props}
      />
    </div>
  );
}

async function askForGrant(url: string, { purpose, reference }: PlaybackAccess): Promise<Grant | { error: string }> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ purpose, reference }),
  });
  const body = (await answer.json().catch(() => ({}))) as Partial<Grant> & { code?: string };
  return answer.ok && body.url && body.expiresAt
    ? { url: body.url, expiresAt: body.expiresAt }
    : { error: body.code ?? "internal" };
}
