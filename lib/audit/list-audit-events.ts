import { and, sql, type SQL } from "drizzle-orm";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { describeEvents, eventItemColumns } from "@/lib/audit/event-descriptions";
import { eventConditions, eventFilters, signedNames, type EventFilters } from "@/lib/audit/event-filters";
import { auditEvents } from "@/lib/db/schema/audit";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

const listInput = eventFilters.extend({
  ...pageFields(200, 50),
});

/** One page of the audit log, newest first. Keyset paging: every page costs the same. */
export const listAuditEvents = query({
  permission: "audit-event:list",
  input: listInput,
  run: async ({ db, input }) => {
    const reading = keysetReading({ sort: auditEvents.occurredAt, id: auditEvents.id }, input);
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(eventConditions(input), reading.where, inLanes(db, input, reading)))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    return keysetPage(await describeEvents(db, rows), input, (row) => ({
      value: row.occurredAt.toISOString(),
      id: row.id,
    }));
  },
});

/**
 * Of several kinds, the newest of each, with one index scan each: a single scan in list order would read all others.
 * Undefined for one kind, which has an index in list order.
 */
function inLanes(
  db: ReadDatabase,
  { action, ...others }: EventFilters,
  { where, orderBy, limit }: ReturnType<typeof keysetReading>,
): SQL | undefined {
  if (!action || action.length === 1) return undefined;
  const isOfKind = sql`${auditEvents.action} = kind.name`;
  const lane = db
    .select({ id: auditEvents.id })
    .from(auditEvents)
    .where(and(isOfKind, eventConditions(others), where))
    .orderBy(...orderBy)
    .limit(limit);
  const names = sql.join(
    signedNames(action).map((name) => sql`${name}`),
    sql`, `,
  );
  return sql`${auditEvents.id} in (select lane.id from unnest(array[${names}]::text[]) as kind(name),
    lateral ${lane} lane)`;
}
