import { sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { legalHoldRecordings, recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** An object whose lock in the store must be set (`on`) or removed. Only for code of `lib`: it has object keys. */
export type ObjectLockChange = { recordingId: string; objectKey: string; versionId: string; on: boolean };

/** Locks to change in the store, in order of recording: set while a hold is in force, removed after the last one. */
export const listObjectLocks = query({
  permission: "legal-hold:lock-objects",
  input: z.object({ after: z.uuid().nullable(), limit: rowLimit(500) }),
  run: ({ db, input: { after, limit } }): Promise<ObjectLockChange[]> => {
    const held = sql`${legalHoldRecordings} as held where held.recording_id = ${recordings.id}`;
    const isHeld = sql`exists (select from ${held} and held.released_at is null)`;
    const toLock = sql`select recording_id from ${legalHoldRecordings} where released_at is null and locked_at is null`;
    const toUnlock = sql`select recording_id from ${legalHoldRecordings}
      where released_at is not null and locked_at is not null and unlocked_at is null`;
    return db
      .select({
        recordingId: recordings.id,
        objectKey: sql<string>`${recordings.objectKey}`,
        versionId: sql<string>`${recordings.objectVersionId}`,
        on: sql<boolean>`${isHeld}`,
      })
      .from(recordings)
      .where(
        sql`(${recordings.id} in (${toLock}) or ${recordings.id} in (${toUnlock}) and not ${isHeld})
          and ${recordings.state} in ('stored', 'deleting') and ${recordings.objectKey} is not null
          and ${recordings.objectVersionId} is not null
          and (${after}::uuid is null or ${recordings.id} > ${after}::uuid)`,
      )
      .orderBy(recordings.id)
      .limit(limit);
  },
});
