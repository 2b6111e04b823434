import { sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { playableCopies, recordings } from "@/lib/db/schema";
import type { ObjectLockChange } from "@/lib/legal-holds/object-lock/list-object-locks";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { query } from "@/lib/operation/operation";

/** Like `listObjectLocks`, for the playable copies: locked as long as the recording itself is. */
export const listCopyLocks = query({
  permission: "legal-hold:lock-objects",
  input: z.object({ after: z.uuid().nullable(), limit: rowLimit(500) }),
  run: ({ db, input: { after, limit } }): Promise<ObjectLockChange[]> => {
    const { recordingId, objectKey, objectVersionId, state, lockState } = playableCopies;
    return db
      .select({
        recordingId,
        objectKey,
        versionId: sql<string>`${objectVersionId}`,
        on: sql<boolean>`${isHeld()}`,
      })
      .from(playableCopies)
      .innerJoin(recordings, sql`${recordings.id} = ${recordingId} and ${recordings.state} in ('stored', 'deleting')`)
      .where(
        sql`${lockState} in ('to_lock', 'to_unlock') and ${state} = 'ready' and ${objectVersionId} is not null
          and (${after}::uuid is null or ${recordingId} > ${after}::uuid)`,
      )
      .orderBy(recordingId)
      .limit(limit);
  },
});
