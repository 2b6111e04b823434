import { and, gt, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { query } from "@/lib/operation/operation";

/** Objects that somebody ordered to be deleted, in order of id. For code of `lib` alone: object keys go no further. */
export const listOrderedRemovals = query({
  permission: "store-scan:run",
  input: z.object({ after: z.uuid().nullable(), limit: rowLimit(1000) }),
  run: async ({ db, input: { after, limit } }) => {
    const { id, objectKey, resolvedAt, removalOrderedAt } = storeScanFindings;
    const rows = await db
      .select({ findingId: id, objectKey })
      .from(storeScanFindings)
      .where(and(isNull(resolvedAt), isNotNull(removalOrderedAt), after === null ? undefined : gt(id, after)))
      .orderBy(id)
      .limit(limit);
    return rows.map((row) => ({ ...row, objectKey: row.objectKey! }));
  },
});
