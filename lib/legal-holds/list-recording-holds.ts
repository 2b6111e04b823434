import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

export type RecordingHolds = {
  /** Holds that keep the recording now. */
  active: number;
  /** Those of them that the reader may see by name. */
  named: { id: string; matter: string }[];
  /** Whether the store has locked the object. */
  isLocked: boolean;
};

/** Which holds keep a recording that the actor may see. */
export const listRecordingHolds = query({
  permission: "legal-hold:list",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }): Promise<RecordingHolds> => {
    const { lockedAt, unlockedAt, releasedAt } = legalHoldRecordings;
    const rows = await db
      .select({
        id: legalHolds.id,
        matter: legalHolds.matter,
        isNamed: sql<boolean>`${holdScope(actor)}`,
        isLocked: sql<boolean>`${lockedAt} is not null and ${unlockedAt} is null`,
      })
      .from(legalHoldRecordings)
      .innerJoin(legalHolds, eq(legalHolds.id, legalHoldRecordings.holdId))
      .innerJoin(recordings, eq(recordings.id, legalHoldRecordings.recordingId))
      .where(and(eq(legalHoldRecordings.recordingId, recordingId), isNull(releasedAt), recordingScope(actor)))
      .orderBy(asc(legalHolds.createdAt), asc(legalHolds.id));
    return {
      active: rows.length,
      named: rows.filter(({ isNamed }) => isNamed).map(({ id, matter }) => ({ id, matter })),
      isLocked: rows.some(({ isLocked }) => isLocked),
    };
  },
});
