import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { audioCodecs, readAudioCodec } from "@/lib/core/audio-codecs";
import { AppError } from "@/lib/core/errors";
import { playableCopies, recordings, recordingWaveforms } from "@/lib/db/schema";
import { needsCopy, needsHead } from "@/lib/media/playable-copies/copy-need";
import { transcodingSandbox } from "@/lib/media/transcoder/find-sandbox";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * What a press on play gives: the recording itself, its copy, or nothing and why. `codec`: its name, null: unknown.
 * `isJoined`: several files one behind the other, of which browsers play only the first.
 */
export type Playability =
  | { plays: "original"; isJoined?: true }
  | { plays: "copy"; codec: string | null; isJoined?: true }
  | { plays: "nothing"; codec: string | null; reason: "preparing" | "no_transcoder" | "failed" };

const { contentType, codec, waveformState, isJoined } = recordings;

/** What `playabilityOf` needs of a recording, its waveform and its copy. */
export const playabilityColumns = {
  contentType,
  codec,
  waveformState,
  isJoined,
  hasHead: sql<boolean>`${recordingWaveforms.playbackHead} is not null`,
  copyState: playableCopies.state,
};

export type PlayabilityRow = Pick<
  typeof recordings.$inferSelect,
  "contentType" | "codec" | "waveformState" | "isJoined"
> & {
  hasHead: boolean;
  copyState: (typeof playableCopies.$inferSelect)["state"] | null;
};

/**
 * Whether browsers can play a recording, for its page, before anyone presses play.
 * @throws AppError `not_found` outside the user's units or if it is not stored.
 */
export const readPlayability = query({
  permission: "recording:play",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input }): Promise<Playability> => {
    const [row] = await db
      .select(playabilityColumns)
      .from(recordings)
      .leftJoin(playableCopies, eq(playableCopies.recordingId, recordings.id))
      .leftJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, recordings.id))
      .where(and(eq(recordings.id, input.recordingId), eq(recordings.state, "stored"), recordingScope(actor)));
    if (!row) throw new AppError("not_found");
    return playabilityOf(row);
  },
});

/** Whether browsers can play a stored recording. */
export async function playabilityOf(row: PlayabilityRow): Promise<Playability> {
  const isHeadMissing = needsHead(row) && !row.hasHead;
  const joined = row.isJoined ? { isJoined: true as const } : {};
  if (!needsCopy(row) && !isHeadMissing && !(row.isJoined && row.copyState === "ready"))
    return { plays: "original", ...joined };
  const named = { codec: audioCodecs[readAudioCodec(row.codec)!].name };
  if (isHeadMissing)
    return { plays: "nothing", ...named, reason: row.waveformState === "waiting" ? "preparing" : "failed" };
  if (row.copyState === "ready") return { plays: "copy", ...named, ...joined };
  if (row.copyState === "failed") return { plays: "nothing", ...named, reason: "failed" };
  const hasTranscoder = (await transcodingSandbox()).sandbox !== null;
  return { plays: "nothing", ...named, reason: hasTranscoder ? "preparing" : "no_transcoder" };
}
