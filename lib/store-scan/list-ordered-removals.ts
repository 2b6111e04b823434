import { sql } from "drizzle-orm";
import { z } from "zod";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { query } from "@/lib/operation/operation";

/** Objects that somebody ordered to be deleted, in order of id. For code of `lib` alone: object keys go no further. */
export const listOrderedRemovals = query({
  permission: "store-scan:run",
  input: z.object({ after: z.uuid().nullable(), limit: z.int().min(1).max(1000) }),
  run: async ({ db, input: { after, limit } }) => {
    const { id, objectKey } = storeScanFindings;
    const rows = await db
      .select({ findingId: id, objectKey })
      .from(storeScanFindings)
      .where(
        sql`${storeScanFindings.resolvedAt} is null and ${storeScanFindings.removalOrderedAt} is not null and ${after === null ? sql`true` : sql`${id} > ${after}`}`,
      )
      .orderBy(id)
      .limit(limit);
    return rows.map((row) => ({ ...row, objectKey: row.objectKey! }));
  },
});
