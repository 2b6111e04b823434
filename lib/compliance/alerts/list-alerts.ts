import { and, eq, isNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { readSettings } from "@/lib/compliance/oversight/oversight-settings";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import { keysetReading } from "@/lib/db/keyset-reading";
import { alerts, incidents, subjectRequests, users } from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

const acknowledger = alias(users, "acknowledger");

/** `open`: those that nobody has acknowledged. */
export const alertFilters = z.object({ state: z.enum(["open", "all"]).optional() });

/** One page of the alerts, newest first, with the names of those they are about. */
export const listAlerts = query({
  permission: "alert:read",
  input: alertFilters.extend(pageFields(100, 50)),
  run: async ({ db, actor, input }) => {
    const reading = keysetReading({ sort: alerts.createdAt, id: alerts.id }, input);
    const isOpen = input.state === "all" ? undefined : isNull(alerts.acknowledgedAt);
    const rows = await db
      .select({
        alert: alerts,
        person: users.name,
        acknowledgedBy: acknowledger.name,
        protocol: subjectRequests.protocol,
        incidentNumber: incidents.number,
      })
      .from(alerts)
      .leftJoin(users, eq(users.id, alerts.userId))
      .leftJoin(acknowledger, eq(acknowledger.id, alerts.acknowledgedById))
      .leftJoin(
        subjectRequests,
        and(eq(alerts.rule, "request_overdue"), sql`${subjectRequests.id}::text = ${alerts.subject}`),
      )
      .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
      .where(and(isOpen, reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const page = keysetPage(rows, input, ({ alert }) => ({ value: alert.createdAt.toISOString(), id: alert.id }));
    const mayAcknowledge = isAllowed(actor, "alert:acknowledge");
    return {
      ...page,
      rows: page.rows.map(({ alert: { noteEncrypted, ...alert }, ...names }) => ({
        ...alert,
        ...names,
        note: noteEncrypted && decryptField("alert.note", noteEncrypted),
        mayAcknowledge:
          mayAcknowledge && alert.acknowledgedAt === null && !(actor.type === "user" && actor.userId === alert.userId),
      })),
      open: await db.$count(alerts, isNull(alerts.acknowledgedAt)),
      thresholds: (await readSettings(db)).thresholds,
      mayConfigure: isAllowed(actor, "oversight:configure"),
      mayRegister: isAllowed(actor, "incident:manage"),
      mayReadRequests: isAllowed(actor, "subject-request:read"),
      mayReadLog: isAllowed(actor, "audit-event:list"),
    };
  },
});

export type AlertPage = Awaited<ReturnType<typeof listAlerts>>;
export type AlertRow = AlertPage["rows"][number];
