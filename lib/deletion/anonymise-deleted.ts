import { sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { anonymisedCalls, recordings } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { units } from "@/lib/db/schema/units";

const { id, state, anonymisedAt, startedAt, createdAt, storedAt, unitId, queueId, direction, durationMs } = recordings;

/** The first day of the month of a call, in its unit's zone. */
const month = sql`date_trunc('month', ${startedAt} at time zone ${units.timeZone})::date`;

/**
 * Leaves of deleted recordings a count by month, unit, queue and direction, and their minimal record without the days
 * of the call and of its arrival, the dates that follow from them, the queue, the type of the call and the duration: a
 * voice cannot be made anonymous, so the recording goes first (LGPD Art. 5, XI; Art. 12). Done twice it counts once.
 */
export async function anonymiseDeleted(tx: Transaction, recordingIds: readonly string[]): Promise<void> {
  if (recordingIds.length === 0) return;
  const which = sql`${id} = any(${idList(recordingIds)}) and ${state} = 'deleted' and ${anonymisedAt} is null`;
  await tx.select({ id }).from(recordings).where(which).orderBy(id).for("update");
  await tx.execute(sql`
    insert into ${anonymisedCalls} as counted (month, unit_id, queue_id, direction, recordings, duration_ms)
    select ${month}, ${unitId}, ${queueId}, ${direction}, count(*), coalesce(sum(${durationMs}), 0)
    from ${recordings} join ${units} on ${units.id} = ${unitId}
    where ${which}
    group by 1, 2, 3, 4
    order by 1, 2, 3, 4
    on conflict (month, unit_id, queue_id, direction) do update
    set recordings = counted.recordings + excluded.recordings,
      duration_ms = counted.duration_ms + excluded.duration_ms`);
  const unitZone = sql`(select ${units.timeZone} from ${units} where ${units.id} = ${unitId})`;
  const monthOf = (time: unknown) =>
    sql`date_trunc('month', ${time} at time zone ${unitZone}) at time zone ${unitZone}`;
  await tx
    .update(recordings)
    .set({
      ...{ startedAt: monthOf(startedAt), createdAt: monthOf(createdAt), storedAt: monthOf(storedAt) },
      ...{ queueId: null, callKind: null, durationMs: null, channels: null },
      ...{ retainUntil: null, minimumUntil: null, minimumPolicyId: null, minimumPolicyVersion: null },
      anonymisedAt: transactionNow,
    })
    .where(which);
}
