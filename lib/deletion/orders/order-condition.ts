import { and, eq, lt, lte, sql, type SQL } from "drizzle-orm";
import { startOfDay } from "@/lib/core/time";
import type { OrderSelection } from "@/lib/deletion/orders/order-selection";
import { recordings } from "@/lib/db/schema";
import { idList } from "@/lib/db/id-list";
import { ofCallsWith } from "@/lib/recordings/call-rows";

/**
 * The recordings that a deletion order selects, whether or not each may be deleted.
 * @param orderedAt what came later is not part of an order, although it may look alike.
 */
export function orderCondition(
  { before, unitId, queueId, recordingIds, wholeCalls, state }: OrderSelection,
  orderedAt: Date,
): SQL {
  const chosen = recordingIds === undefined ? undefined : sql`${recordings.id} = any(${idList(recordingIds)})`;
  return and(
    eq(recordings.state, state),
    lte(recordings.createdAt, orderedAt),
    before === undefined ? undefined : lt(recordings.startedAt, startOfDay(before)),
    unitId === undefined ? undefined : eq(recordings.unitId, unitId),
    queueId === undefined ? undefined : eq(recordings.queueId, queueId),
    chosen && wholeCalls ? ofCallsWith(chosen) : chosen,
  )!;
}
