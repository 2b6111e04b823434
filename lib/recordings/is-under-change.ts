import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionMoves } from "@/lib/db/schema/retention";

/**
 * A change of a policy concerns the recording and still gives recordings their dates anew: what the recording says
 * of its minimum and its day of deletion may be out of date, so nothing may be deleted by it.
 */
export function isUnderChange(): SQL {
  return sql`exists (
    select from ${retentionMoves} as changing
    where changing.finished_at is null
      and (not changing.of_default or ${recordings.retentionPolicyId} = changing.policy_id)
      and (changing.unit_id is null or changing.unit_id = ${recordings.unitId})
      and (changing.queue_id is null or changing.queue_id = ${recordings.queueId})
      and (changing.direction is null or changing.direction = ${recordings.direction}::text)
      and (changing.call_kind is null or changing.call_kind = ${recordings.callKind}))`;
}
