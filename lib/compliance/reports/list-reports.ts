import { eq } from "drizzle-orm";
import { z } from "zod";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import { keysetReading } from "@/lib/db/keyset-reading";
import { auditReports, users } from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

/** One page of the reports, newest first, with the settings by which they are made. */
export const listReports = query({
  permission: "audit-report:list",
  input: z.object(pageFields(100, 50)),
  run: async ({ db, actor, input }) => {
    const {
      id,
      schedule,
      fromDay: from,
      toDay: to,
      locale,
      createdAt,
      keepUntil,
      state,
      verdict,
      madeAt,
    } = auditReports;
    const reading = keysetReading({ sort: createdAt, id }, input);
    const facts = { id, schedule, from, to, locale, createdAt, keepUntil, state, verdict, madeAt };
    const rows = await db
      .select({ ...facts, requestedBy: users.name })
      .from(auditReports)
      .leftJoin(users, eq(users.id, auditReports.requestedById))
      .where(reading.where)
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const page = keysetPage(rows, input, (row) => ({ value: row.createdAt.toISOString(), id: row.id }));
    return {
      ...page,
      settings: await readSettings(db),
      mayRequest: isAllowed(actor, "audit-report:request"),
      mayTake: isAllowed(actor, "audit-report:take"),
      mayConfigure: isAllowed(actor, "oversight:configure"),
    };
  },
});

export type ReportPage = Awaited<ReturnType<typeof listReports>>;
