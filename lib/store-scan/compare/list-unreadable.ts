import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { idList } from "@/lib/db/id-list";
import { recordings } from "@/lib/db/schema/recordings";
import { storeScans } from "@/lib/db/schema/store-scan";
import { query } from "@/lib/operation/operation";

/** With the running scan: the third one in a row without an answer. */
const scansBefore = 2;

/** Of recordings that this scan got no answer for: those that two complete scans before it could not verify either. */
export const listUnreadable = query({
  permission: "store-scan:run",
  input: z.object({ recordingIds: z.array(z.uuid()).max(1000) }),
  run: async ({ db, input: { recordingIds } }) => {
    const { id, verifiedAt, storedAt } = recordings;
    const { state, unchecked, startedAt } = storeScans;
    const unanswered = sql`select count(*) from ${storeScans} where ${state} = 'finished' and ${unchecked} > 0
      and ${startedAt} > coalesce(${verifiedAt}, ${storedAt})`;
    const rows = await db
      .select({ id })
      .from(recordings)
      .where(
        and(
          sql`${id} = any(${idList(recordingIds)})`,
          eq(recordings.state, "stored"),
          sql`(${unanswered}) >= ${scansBefore}`,
        ),
      );
    return rows.map((row) => row.id);
  },
});
