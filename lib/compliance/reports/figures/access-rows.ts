import { sql } from "drizzle-orm";
import type { OversightSettings } from "@/lib/compliance/oversight/oversight-settings";
import { env } from "@/lib/core/env";
import { auditEvents, playbackGrants, playbackHeard } from "@/lib/db/schema";

export type Span = { start: Date; end: Date };

/**
 * The accesses to audio within a span, as rows of a select's FROM: each is an event that granted one, with what became
 * of the grant. Bytes under a presigned link are not known, so it counts as sent, as does a grant whose row is gone.
 * Columns: id, at, user_id, unit_id, recording_id, kind, purpose, was_sent, has_failed (no part was played),
 * is_off_hours (controller's zone), heard_ms.
 */
export function accessRows({ start, end }: Span, { workFrom, workTo }: Pick<OversightSettings, "workFrom" | "workTo">) {
  const [event, grant] = [auditEvents, playbackGrants];
  const local = sql`(${event.occurredAt} at time zone ${env().CONTROLLER_TIME_ZONE}::text)`;
  const minute = sql`extract(hour from ${local}) * 60 + extract(minute from ${local})`;
  const heard = sql`coalesce((select sum(part.end_ms - part.start_ms) from ${playbackHeard} as part
    where part.grant_id = ${grant.id}), 0)::float8`;
  return sql`(
    select ${event.id} as id, ${event.occurredAt} as at, ${event.actorId} as user_id, ${event.unitId} as unit_id,
      ${event.targetId} as recording_id,
      case when ${event.action} = 'recording.play_granted' then 'play' else 'download' end as kind,
      coalesce(${grant.purpose}::text, ${event.details} ->> 'purpose') as purpose,
      (${grant.id} is null or ${grant.lastSentAt} is not null or ${grant.delivery} = 'presigned') as was_sent,
      (${grant.playFailure} is not null and ${heard} = 0) as has_failed,
      (extract(isodow from ${local}) > 5 or not (${minute} >= ${workFrom}::int and ${minute} < ${workTo}::int))
        as is_off_hours,
      ${heard} as heard_ms
    from ${event} left join ${grant} on ${grant.id} = (${event.details} ->> 'grantId')::uuid
    where ${event.action} in ('recording.play_granted', 'recording.download_granted')
      and ${event.occurredAt} >= ${start.toISOString()}::timestamptz
      and ${event.occurredAt} < ${end.toISOString()}::timestamptz
  ) as access`;
}

/** Audio reached the person, as far as the portal knows: sent is not heard, and a play that failed is no play. */
export const isAccess = sql`access.was_sent and not access.has_failed`;
