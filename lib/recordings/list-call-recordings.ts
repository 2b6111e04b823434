import { and, asc, eq, ne } from "drizzle-orm";
import { z } from "zod";
import { isDerivedId, ofCall } from "@/lib/db/recording-ids";
import { recordings, units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

export type CallRecording = {
  id: string;
  state: (typeof recordings.$inferSelect)["state"];
  startedAt: Date;
  durationMs: number | null;
  /** The id that the phone system gave; null if it gave none. */
  sourceRecordingId: string | null;
  unit: { name: string; timeZone: string };
};

const mostShown = 50;

/** The other recordings of a recording's call that the actor may see, without refused uploads; by start. */
export const listCallRecordings = query({
  permission: "recording:read",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }): Promise<CallRecording[]> => {
    const { id, state, startedAt, durationMs, sourceRecordingId, source, sourceCallId } = recordings;
    const [call] = await db
      .select({ source, sourceCallId })
      .from(recordings)
      .where(and(eq(id, recordingId), recordingScope(actor)));
    if (!call) return [];
    const rows = await db
      .select({
        ...{ id, state, startedAt, durationMs, sourceRecordingId },
        unit: { name: units.name, timeZone: units.timeZone },
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(and(ofCall(call), ne(id, recordingId), ne(state, "rejected"), recordingScope(actor)))
      .orderBy(asc(startedAt), asc(id))
      .limit(mostShown);
    return rows.map((row) => ({ ...row, sourceRecordingId: ownId(row) }));
  },
});

/** A deleted recording has a digest in its place. */
const ownId = ({ state, sourceRecordingId }: Pick<CallRecording, "state"> & { sourceRecordingId: string }) =>
  state === "deleted" || isDerivedId(sourceRecordingId) ? null : sourceRecordingId;
