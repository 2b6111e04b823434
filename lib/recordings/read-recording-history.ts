import { and, desc, eq, exists } from "drizzle-orm";
import { z } from "zod";
import { describeEvents, eventItemColumns } from "@/lib/audit/event-descriptions";
import { auditEvents, recordings } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";
import { recordingScope } from "@/lib/recordings/recording-scope";

const eventsShown = 100;

/** The newest events of one recording, for its page. Limited by the recording's scope: one outside it has no events. */
export const readRecordingHistory = query({
  permission: "audit-event:read-recording",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, actor, input: { recordingId } }) => {
    const visible = db
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), recordingScope(actor)));
    const rows = await db
      .select(eventItemColumns)
      .from(auditEvents)
      .where(and(eq(auditEvents.targetType, "recording"), eq(auditEvents.targetId, recordingId), exists(visible)))
      .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
      .limit(eventsShown + 1);
    const events = await describeEvents(db, rows.slice(0, eventsShown));
    // Network addresses of staff are shown only to users who may read the whole log.
    return { events: events.map((event) => ({ ...event, ipAddress: null })), hasMore: rows.length > eventsShown };
  },
});
