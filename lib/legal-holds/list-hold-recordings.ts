import { and, desc, eq, exists, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import { legalHoldRecordings, legalHolds, recordings, units } from "@/lib/db/schema";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

/**
 * One page of the recordings of a hold that the actor may see, latest received first. The cursor is the last id shown.
 */
export const listHoldRecordings = query({
  permission: "legal-hold:list",
  input: z.object({ holdId: z.uuid(), ...idPageFields(100, 25) }),
  run: async ({ db, actor, input: { holdId, cursor, limit } }) => {
    const { recordingId, createdAt: heldAt, lockedAt, unlockedAt, releasedAt } = legalHoldRecordings;
    const { startedAt, anonymisedAt, state, retainUntil, sizeBytes } = recordings;
    const visible = db
      .select({ found: sql`1` })
      .from(legalHolds)
      .where(and(eq(legalHolds.id, holdId), holdScope(actor)));
    const found = await db
      .select({
        id: recordingId,
        heldAt,
        releasedAt,
        startedAt,
        anonymisedAt,
        state,
        retainUntil,
        sizeBytes,
        unit: units.name,
        timeZone: units.timeZone,
        isLocked: sql<boolean>`${lockedAt} is not null and ${unlockedAt} is null`,
      })
      .from(legalHoldRecordings)
      .innerJoin(recordings, eq(recordings.id, recordingId))
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(
        and(
          eq(legalHoldRecordings.holdId, holdId),
          exists(visible),
          recordingScope(actor),
          cursor ? lt(recordingId, cursor) : undefined,
        ),
      )
      .orderBy(desc(recordingId))
      .limit(limit + 1);
    return idPage(found, limit, "id");
  },
});

export type HoldRecordingRow = Awaited<ReturnType<typeof listHoldRecordings>>["rows"][number];
