import { sql } from "drizzle-orm";
import { z } from "zod";
import { auditReportFiles } from "@/lib/db/schema/audit-reports";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { playableCopies } from "@/lib/db/schema/playable-copies";
import { recordings } from "@/lib/db/schema/recordings";
import { uploadTickets } from "@/lib/db/schema/uploads";
import { query } from "@/lib/operation/operation";

/** A key that should have no object. For the key of a ticket, also its recording. */
export type UnknownKey = { key: string; recordingId: string | null };

/**
 * Keys that belong to nothing: no recording, playable copy, derived file or report is stored under them, and no ticket
 * is open or waits to be swept or deleted with its recording. Includes keys of deleted recordings.
 */
export const findUnknownKeys = query({
  permission: "store-scan:run",
  input: z.object({ keys: z.array(z.string().max(1024)).max(1000) }),
  run: async ({ db, input: { keys } }): Promise<UnknownKey[]> => {
    if (keys.length === 0) return [];
    const ofTicket = sql`(ticket.object_key = listed.key or ticket.promoted_key = listed.key)`;
    const isAwaited = sql`(ticket.closed_at is null or ticket.outcome in ('rejected', 'superseded')
      or ticket.outcome = 'completed' and ticket.promoted_key is not null or owner.state = 'deleting')`;
    return db
      .select({
        key: sql<string>`listed.key`,
        recordingId: sql<
          string | null
        >`(select ticket.recording_id from ${uploadTickets} as ticket where ${ofTicket} limit 1)`,
      })
      .from(sql`jsonb_array_elements_text(${JSON.stringify(keys)}::jsonb) as listed(key)`)
      .where(
        sql`not exists (select from ${recordings} as stored where stored.object_key = listed.key)
          and not exists (select from ${playableCopies} as copy where copy.object_key = listed.key)
          and not exists (select from ${derivedRecordings} as derived where derived.object_key = listed.key)
          and not exists (select from ${auditReportFiles} as report where report.object_key = listed.key)
          and not exists (select from ${uploadTickets} as ticket
            join ${recordings} as owner on owner.id = ticket.recording_id where ${ofTicket} and ${isAwaited})`,
      );
  },
});
