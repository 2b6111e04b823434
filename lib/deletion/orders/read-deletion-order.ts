import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { deletionOrders, recordings } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

export type DeletionOrderProgress = {
  orderId: string;
  state: typeof deletionOrders.$inferSelect.state;
  expected: number;
  marked: number;
  /** Of those marked, how many a legal hold brought back. */
  kept: number;
  deleted: number;
  failed: number;
  waiting: number;
};

/**
 * The progress of one deletion order. `failed`: a store has not deleted it yet. `waiting`: its turn has not come.
 * @throws AppError `not_found`
 */
export const readDeletionOrder = query({
  permission: "deletion-order:list",
  input: z.object({ orderId: z.uuid() }),
  run: async ({ db, input: { orderId } }): Promise<DeletionOrderProgress> => {
    const counted = (condition: ReturnType<typeof sql>) => sql<number>`count(*) filter (where ${condition})::int`;
    const { state, expectedRecordings: expected, markedRecordings: marked, keptRecordings: kept } = deletionOrders;
    const deleting = sql`${recordings.state} = 'deleting'`;
    const [[order], [counts]] = await Promise.all([
      db
        .select({ state, expected, marked, kept })
        .from(deletionOrders)
        .where(and(eq(deletionOrders.id, orderId), eq(deletionOrders.reason, "deletion_order"))),
      db
        .select({
          deleted: counted(sql`${recordings.state} = 'deleted'`),
          failed: counted(sql`${deleting} and ${recordings.deletionAttempts} > 0`),
          waiting: counted(sql`${deleting} and ${recordings.deletionAttempts} = 0`),
        })
        .from(recordings)
        .where(eq(recordings.deletionOrderId, orderId)),
    ]);
    if (!order) throw new AppError("not_found");
    return { orderId, ...order, ...counts! };
  },
});
