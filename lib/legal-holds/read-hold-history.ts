import { and, desc, eq, exists, inArray, or, sql } from "drizzle-orm";
import { z } from "zod";
import { describeEvents, eventItemColumns } from "@/lib/audit/event-descriptions";
import { approvals, auditEvents, legalHolds } from "@/lib/db/schema";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";

const eventsShown = 100;

/** The newest events of one hold and of its release requests, for its page. */
export const readHoldHistory = query({
  permission: "legal-hold:list",
  input: z.object({ holdId: z.uuid() }),
  run: async ({ db, actor, input: { holdId } }) => {
    const visible = db
      .select({ found: sql`1` })
      .from(legalHolds)
      .where(and(eq(legalHolds.id, holdId), holdScope(actor)));
    const requests = db
      .select({ id: sql`${approvals.id}::text` })
      .from(approvals)
      .where(and(eq(approvals.kind, "hold_release"), eq(approvals.subjectId, holdId)));
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(or(eq(auditEvents.targetId, holdId), inArray(auditEvents.targetId, requests)), exists(visible)))
      .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
      .limit(eventsShown + 1);
    const events = await describeEvents(db, rows.slice(0, eventsShown));
    // IP addresses of staff are shown only to those who may read the whole log.
    return { events: events.map((event) => ({ ...event, ipAddress: null })), hasMore: rows.length > eventsShown };
  },
});
