import { asc, desc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { deletionOrders, recordings, users } from "@/lib/db/schema";
import { decodeCursor, keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

/** One page of the deletion orders, the latest first, each with how far it is. */
export const listDeletionOrders = query({
  permission: "deletion-order:list",
  input: z.object({
    after: z.string().max(200).optional(),
    before: z.string().max(200).optional(),
    limit: z.int().min(1).max(100).default(20),
  }),
  run: async ({ db, input }) => {
    const {
      id,
      createdAt,
      state,
      selection,
      justification,
      requestedByType,
      expectedRecordings,
      expectedBytes,
      markedRecordings,
      finishedAt,
    } = deletionOrders;
    const cursor = input.before ?? input.after;
    const edge = cursor === undefined ? null : decodeCursor(cursor);
    const order = input.before === undefined ? desc : asc;
    const beyond =
      edge &&
      sql`(${createdAt}, ${id}) ${input.before === undefined ? sql`<` : sql`>`} (${edge.value}::timestamptz, ${edge.id}::uuid)`;
    const inState = (which: "deleted" | "deleting") =>
      sql<number>`(select count(*)::int from ${recordings} where ${recordings.deletionOrderId} = ${id} and ${recordings.state} = ${which})`;
    const rows = await db
      .select({
        id,
        createdAt,
        state,
        selection,
        justification,
        requestedByType,
        requestedBy: users.name,
        expectedRecordings,
        expectedBytes,
        markedRecordings,
        finishedAt,
        deleted: inState("deleted"),
        deleting: inState("deleting"),
      })
      .from(deletionOrders)
      .leftJoin(users, sql`${users.id}::text = ${deletionOrders.requestedById}`)
      .where(sql`${eq(deletionOrders.reason, "deletion_order")} and ${beyond ?? sql`true`}`)
      .orderBy(order(createdAt), order(id))
      .limit(input.limit + 1);
    return keysetPage(rows, input, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
  },
});

export type DeletionOrderRow = Awaited<ReturnType<typeof listDeletionOrders>>["rows"][number];
