import { and, asc, eq, isNull, ne } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { playableCopies, recordings, recordingWaveforms, units } from "@/lib/db/schema";
import { ofCall } from "@/lib/db/recording-ids";
import { pick } from "@/lib/core/pick";
import { query } from "@/lib/operation/operation";
import { callParts, startsOnTimeLine, type PartProblem } from "@/lib/playback/call-parts";
import { playabilityColumns, playabilityOf, type PlayabilityRow } from "@/lib/playback/read-playability";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** `recordingIds`: one, or those of both sides, the agent's first. */
export type CallPart = { recordingIds: string[]; startedAt: Date; timeZone: string; problem: PartProblem | null };

export type CallSequence = {
  /** In the order in which they play. */
  parts: CallPart[];
  /** The part with the recording that was asked for; null if it is none of the first of a very long call. */
  current: number | null;
  /** The sides of this part with their peaks, the agent's first, if it has two. */
  sides: CallSide[] | null;
};

export type CallSide = {
  id: string;
  /** How long after the other side it begins; 0: first, or together. */
  startsAtMs: number;
  durationMs: number;
  contentType: string;
  waveform: { channels: number; bucketMs: number; peaks: string } | null;
};

const mostParts = 200;

/** How the recordings of a recording's call that the actor may see are played, one after the other. */
export const readCallSequence = query({
  permission: "recording:play",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }): Promise<CallSequence> => {
    const { id, source, sourceCallId, sourceRecordingId, state, startedAt, durationMs, channels } = recordings;
    const { isEmpty, quarantine, blockedAt } = recordings;
    const [call] = await db
      .select({ source, sourceCallId })
      .from(recordings)
      .where(and(eq(id, recordingId), recordingScope(actor)));
    if (!call) return { parts: [], current: null, sides: null };
    const rows = await db
      .select({
        id,
        sourceRecordingId,
        state,
        startedAt,
        durationMs,
        channels,
        isEmpty,
        quarantine,
        blockedAt,
        timeZone: units.timeZone,
        ...playabilityColumns,
      })
      .from(recordings)
      .innerJoin(units, eq(units.id, recordings.unitId))
      .leftJoin(playableCopies, eq(playableCopies.recordingId, id))
      .leftJoin(recordingWaveforms, eq(recordingWaveforms.recordingId, id))
      .where(and(ofCall(call), ne(state, "rejected"), isNull(recordings.anonymisedAt), recordingScope(actor)))
      .orderBy(asc(startedAt), asc(id))
      .limit(mostParts);
    const parts = callParts(await Promise.all(rows.map(async (row) => ({ ...row, problem: await problemOf(row) }))));
    const current = parts.findIndex((part) => part.some((one) => one.id === recordingId));
    return {
      parts: parts.map((part) => ({
        recordingIds: part.map((one) => one.id),
        ...pick(part[0], "timeZone", "problem"),
        startedAt: new Date(Math.min(...part.map(({ startedAt: start }) => start.getTime()))),
      })),
      current: current < 0 ? null : current,
      sides: parts[current]?.length === 2 ? await sidesOf(db, parts[current]) : null,
    };
  },
});

type Row = PlayabilityRow & Pick<typeof recordings.$inferSelect, "state" | "isEmpty" | "quarantine" | "blockedAt">;

async function problemOf(row: Row): Promise<PartProblem | null> {
  if (row.state === "deleting") return "deleting";
  if (row.state !== "stored") return "not_stored";
  if (row.quarantine === "quarantined") return "quarantined";
  if (row.blockedAt !== null) return "blocked";
  if (row.isEmpty) return "empty";
  const playability = await playabilityOf(row);
  return playability.plays === "nothing" ? playability.reason : null;
}

type Side = Pick<typeof recordings.$inferSelect, "id" | "startedAt" | "durationMs" | "contentType">;

async function sidesOf(db: ReadDatabase, sides: [Side, Side]): Promise<CallSide[]> {
  const { recordingId, channels, bucketMs, peaks } = recordingWaveforms;
  const startsAtMs = startsOnTimeLine(sides);
  return Promise.all(
    sides.map(async ({ id, durationMs, contentType }, index) => {
      const [row] = await db.select({ channels, bucketMs, peaks }).from(recordingWaveforms).where(eq(recordingId, id));
      const waveform = row ? { ...row, peaks: row.peaks.toString("base64") } : null;
      return { id, startsAtMs: startsAtMs[index]!, contentType, durationMs: durationMs ?? 0, waveform };
    }),
  );
}
