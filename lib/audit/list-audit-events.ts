import { and } from "drizzle-orm";
import { keysetReading } from "@/lib/db/keyset-reading";
import { pageFields } from "@/lib/core/page-input";
import { describeEvents, eventItemColumns } from "@/lib/audit/event-descriptions";
import { eventConditions, eventFilters } from "@/lib/audit/event-filters";
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
      .where(and(eventConditions(input), reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    return keysetPage(await describeEvents(db, rows), input, (row) => ({
      value: row.occurredAt.toISOString(),
      id: row.id,
    }));
  },
});
