import { and, asc, eq, ne, or } from "drizzle-orm";
import { z } from "zod";
import { audioCodecs, readAudioCodec } from "@/lib/core/audio-codecs";
import { isDerivedId, ofCall } from "@/lib/db/recording-ids";
import { recordings, units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { inOrderOfCall, isOnlyLabel, recordingLabel, type RecordingLabel } from "@/lib/recordings/recording-label";
import { recordingScope } from "@/lib/recordings/recording-scope";

export type CallRecording = {
  id: string;
  state: (typeof recordings.$inferSelect)["state"];
  quarantine: (typeof recordings.$inferSelect)["quarantine"];
  blockedAt: Date | null;
  startedAt: Date;
  anonymisedAt: Date | null;
  durationMs: number | null;
  /** It has no sample of sound. */
  isEmpty: boolean;
  /** The name of the codec; null until the recording is stored, or if no table has it. */
  codec: string | null;
  /** The id that the phone system gave; null if it gave none, or one that says only side and part. */
  sourceRecordingId: string | null;
  label: RecordingLabel;
  unit: { name: string; timeZone: string };
};

const mostShown = 50;

/**
 * The recordings of a recording's call that the actor may see, by start and part; without refused uploads, but with
 * itself.
 */
export const listCallRecordings = query({
  permission: "recording:read",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }): Promise<CallRecording[]> => {
    const { id, state, quarantine, blockedAt, startedAt, durationMs, codec, sourceRecordingId } = recordings;
    const { isEmpty, source, sourceCallId, anonymisedAt } = recordings;
    const [call] = await db
      .select({ source, sourceCallId })
      .from(recordings)
      .where(and(eq(id, recordingId), recordingScope(actor)));
    if (!call) return [];
    const rows = await db
      .select({
        ...{ id, state, quarantine, blockedAt, startedAt, anonymisedAt, durationMs, isEmpty, codec, sourceRecordingId },
        unit: { name: units.name, timeZone: units.timeZone },
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(and(ofCall(call), or(eq(id, recordingId), ne(state, "rejected")), recordingScope(actor)))
      .orderBy(asc(startedAt), asc(id))
      .limit(mostShown);
    return rows.toSorted(inOrderOfCall).map((row) => ({
      ...row,
      ...{ codec: nameOf(row.codec), sourceRecordingId: ownId(row), label: recordingLabel(row.sourceRecordingId) },
    }));
  },
});

function nameOf(stored: string | null): string | null {
  const codec = readAudioCodec(stored);
  return codec && audioCodecs[codec].name;
}

/** A deleted recording has a digest in its place. */
const ownId = ({ state, sourceRecordingId }: Pick<CallRecording, "state"> & { sourceRecordingId: string }) =>
  state === "deleted" || isDerivedId(sourceRecordingId) || isOnlyLabel(sourceRecordingId) ? null : sourceRecordingId;
