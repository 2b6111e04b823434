import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { retentionPolicies } from "@/lib/db/schema/retention";

/** Stored recordings whose date has come at `now`. */
export function isPastDate(now: Date): SQL {
  return sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= ${now.toISOString()}::timestamptz`;
}

/**
 * Past its date, and the date is certain: no change of a policy whose scope it lies in is still moving recordings. Else a longer
 * period could come too late for it.
 */
export function isDue(now: Date): SQL {
  return sql`${isPastDate(now)} and not exists (
    select from ${retentionPolicies} as changing
    where changing.recalculated_through is not null
      and case when changing.queue_id is not null then changing.queue_id = ${recordings.queueId}
          else changing.unit_id is null or changing.unit_id = ${recordings.unitId} end)`;
}
