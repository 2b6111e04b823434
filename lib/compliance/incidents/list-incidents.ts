import { sql } from "drizzle-orm";
import { z } from "zod";
import { isNotifiable, noticesDue, ownHolidaysOf } from "@/lib/compliance/incidents/incident-clock";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import { keysetReading } from "@/lib/db/keyset-reading";
import { incidentNotices, incidentRecordings, incidents } from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

/** One page of the register, newest first, each with its clock and what was told. */
export const listIncidents = query({
  permission: "incident:read",
  input: z.object(pageFields(100, 50)),
  run: async ({ db, actor, input }) => {
    const { id, number, createdAt, knownAt, timeZone, isSmallAgent, effect, criteria, closedAt } = incidents;
    const reading = keysetReading({ sort: createdAt, id, descending: true }, input);
    const kinds = sql<string[]>`array(select distinct ${incidentNotices.kind} from ${incidentNotices}
      where ${incidentNotices.incidentId} = ${incidents}.id order by 1)`;
    const affected = sql<number>`(select count(*)::int from ${incidentRecordings}
      where ${incidentRecordings.incidentId} = ${incidents}.id)`;
    const facts = { id, number, createdAt, knownAt, timeZone, isSmallAgent, effect, criteria, closedAt };
    const rows = await db
      .select({ ...facts, kinds, affected })
      .from(incidents)
      .where(reading.where)
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const page = keysetPage(rows, input, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
    const holidays = await ownHolidaysOf(db);
    const described = page.rows.map((row) => ({
      ...row,
      isNotifiable: isNotifiable(row),
      due: noticesDue(row, holidays),
      isTold: row.kinds.includes("anpd"),
    }));
    return { ...page, rows: described, mayManage: isAllowed(actor, "incident:manage") };
  },
});

export type IncidentRow = Awaited<ReturnType<typeof listIncidents>>["rows"][number];
