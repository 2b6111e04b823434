import { and, asc, desc, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { describeEvents, eventItemColumns } from "@/lib/audit/describe-events";
import { eventConditions, eventFilters } from "@/lib/audit/event-filters";
import { auditEvents } from "@/lib/db/schema/audit";
import { decodeCursor, keysetPage } from "@/lib/core/keyset-cursor";
import { query } from "@/lib/operation/operation";

const listInput = eventFilters.extend({
  after: z.string().max(200).optional(),
  before: z.string().max(200).optional(),
  limit: z.int().min(1).max(200).default(50),
});

/** One page of the audit log, newest first. Keyset paging: any page costs the same. */
export const listAuditEvents = query({
  permission: "audit-event:list",
  input: listInput,
  run: async ({ db, input }) => {
    // A page before a cursor is read towards the top and turned round afterwards.
    const order = input.before ? asc : desc;
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(eventConditions(input), cursorCondition(input)))
      .orderBy(order(auditEvents.occurredAt), order(auditEvents.id))
      .limit(input.limit + 1);
    return keysetPage(await describeEvents(db, rows), input, (row) => ({
      value: row.occurredAt.toISOString(),
      id: row.id,
    }));
  },
});

/** A row value, which one index condition answers. */
function cursorCondition({ before, after }: { before?: string; after?: string }): SQL {
  const text = before ?? after;
  if (text === undefined) return sql`true`;
  const { value, id } = decodeCursor(text);
  return sql`(${auditEvents.occurredAt}, ${auditEvents.id}) ${before ? sql`>` : sql`<`} (${value}::timestamptz, ${id}::uuid)`;
}
