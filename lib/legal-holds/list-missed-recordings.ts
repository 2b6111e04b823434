import { and, desc, eq, exists, lt, sql } from "drizzle-orm";
import { z } from "zod";
import { idPage, idPageFields } from "@/lib/core/page-input";
import { legalHoldMissedRecordings, legalHolds, recordings, units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { holdScope } from "@/lib/recordings/hold-scope";
import { recordingScope } from "@/lib/recordings/recording-scope";

/** One page of recordings that were gone before a hold was placed, and since when. The cursor is the last id shown. */
export const listMissedRecordings = query({
  permission: "legal-hold:list",
  input: z.object({ holdId: z.uuid(), ...idPageFields(100, 25) }),
  run: async ({ db, actor, input: { holdId, cursor, limit } }) => {
    const { recordingId, goneSince, createdAt: askedAt } = legalHoldMissedRecordings;
    const visible = db
      .select({ found: sql`1` })
      .from(legalHolds)
      .where(and(eq(legalHolds.id, holdId), holdScope(actor)));
    const found = await db
      .select({ id: recordingId, goneSince, askedAt, unit: units.name })
      .from(legalHoldMissedRecordings)
      .innerJoin(recordings, eq(recordings.id, recordingId))
      .innerJoin(units, eq(units.id, recordings.unitId))
      .where(
        and(
          eq(legalHoldMissedRecordings.holdId, holdId),
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

export type MissedRecordingRow = Awaited<ReturnType<typeof listMissedRecordings>>["rows"][number];
