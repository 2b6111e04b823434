import { sql } from "drizzle-orm";
import { z } from "zod";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { accessRows } from "@/lib/compliance/reports/figures/access-rows";
import { boundsOf } from "@/lib/compliance/reports/report-period";
import { calendarDay } from "@/lib/core/time";
import type { playbackPurpose } from "@/lib/db/schema/playback";
import { units, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

const rowsPerRead = 1000;

const position = z.object({ at: z.string(), id: z.uuid() });

/** One page of the accesses to audio of a period, oldest first, with current names. Times are ISO 8601 in UTC. */
export const listAccesses = query({
  permission: "audit-report:make",
  input: z.object({ from: calendarDay, to: calendarDay, after: position.optional() }),
  run: async ({ db, input: { from, to, after } }) => {
    const text = <Value extends string | null>(column: string) => sql<Value>`access.${sql.raw(column)}::text`;
    const is = (column: string) => sql<boolean>`access.${sql.raw(column)}`;
    const rows = await db
      .select({
        id: text<string>("id"),
        at: sql<string>`to_char(access.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
        ...{ userId: text<string | null>("user_id"), user: users.name },
        ...{ unitId: text<string | null>("unit_id"), unit: units.name },
        recordingId: text<string | null>("recording_id"),
        kind: text<"play" | "download">("kind"),
        purpose: text<(typeof playbackPurpose.enumValues)[number] | null>("purpose"),
        ...{ wasSent: is("was_sent"), hasFailed: is("has_failed"), isOffHours: is("is_off_hours") },
        heardMs: sql<number>`access.heard_ms`.mapWith(Number),
      })
      .from(accessRows(boundsOf({ from, to }), await readSettings(db)))
      .leftJoin(users, sql`${users.id}::text = access.user_id`)
      .leftJoin(units, sql`${units.id} = access.unit_id`)
      .where(after && sql`(access.at, access.id) > (${after.at}::timestamptz, ${after.id}::uuid)`)
      .orderBy(sql`access.at, access.id`)
      .limit(rowsPerRead);
    const last = rows.length === rowsPerRead ? rows.at(-1)! : null;
    return { rows, next: last && { at: last.at, id: last.id } };
  },
});

export type AccessRow = Awaited<ReturnType<typeof listAccesses>>["rows"][number];
