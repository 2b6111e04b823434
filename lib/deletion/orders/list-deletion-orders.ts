import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { deletionOrders, recordings, users } from "@/lib/db/schema";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

/** One page of the deletion orders, the latest first, each with how far it is. */
export const listDeletionOrders = query({
  permission: "deletion-order:list",
  input: z.object({
    ...pageFields(100, 20),
  }),
  run: async ({ db, input }) => {
    const {
      id,
      createdAt,
      state,
      selection,
      justification,
      legalGround,
      legalGroundWords,
      requestedByType,
      expectedRecordings,
      expectedCalls,
      expectedBytes,
      markedRecordings,
      keptRecordings,
      finishedAt,
    } = deletionOrders;
    const reading = keysetReading({ sort: createdAt, id }, input);
    const inState = (which: "deleted" | "deleting") =>
      sql<number>`(select count(*)::int from ${recordings}
        where ${recordings.deletionOrderId} = ${id} and ${recordings.state} = ${which})`;
    const rows = await db
      .select({
        id,
        createdAt,
        state,
        selection,
        justification,
        legalGround,
        legalGroundWords,
        requestedByType,
        requestedBy: users.name,
        expectedRecordings,
        expectedCalls,
        expectedBytes,
        markedRecordings,
        keptRecordings,
        finishedAt,
        deleted: inState("deleted"),
        deleting: inState("deleting"),
      })
      .from(deletionOrders)
      .leftJoin(users, sql`${users.id}::text = ${deletionOrders.requestedById}`)
      .where(and(eq(deletionOrders.reason, "deletion_order"), reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    return keysetPage(rows, input, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
  },
});

export type DeletionOrderRow = Awaited<ReturnType<typeof listDeletionOrders>>["rows"][number];
