import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionMoves } from "@/lib/db/schema/retention";

/**
 * A policy change that affects the recording is still recalculating dates. The recording's minimum and deletion date
 * may be out of date, so it must not be deleted by them.
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
