import { asc, count, desc, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { describeEvents, eventItemColumns } from "@/lib/audit/event-descriptions";
import { isNotifiable, noticesDue, ownHolidaysOf } from "@/lib/compliance/incidents/incident-clock";
import { decryptField, type FieldName } from "@/lib/core/crypto/field-encryption";
import { AppError } from "@/lib/core/errors";
import type { ReadDatabase } from "@/lib/db/client";
import {
  alerts,
  auditEvents,
  incidentNotices,
  incidentRecordings,
  incidents,
  recordings,
  units,
  users,
} from "@/lib/db/schema";
import { isAllowed } from "@/lib/operation/permissions";
import { query } from "@/lib/operation/operation";

const textOf = (field: FieldName, value: Buffer | null) => (value === null ? "" : decryptField(field, value));

const closer = alias(users, "closer");

/** One incident: facts, clock, affected recordings by unit, notices, and its events. @throws AppError `not_found` */
export const readIncident = query({
  permission: "incident:read",
  input: z.object({ incidentId: z.uuid() }),
  run: async ({ db, actor, input: { incidentId } }) => {
    const [row] = await db
      .select({ incident: incidents, registeredBy: users.name, closedBy: closer.name })
      .from(incidents)
      .innerJoin(users, eq(users.id, incidents.registeredById))
      .leftJoin(closer, eq(closer.id, incidents.closedById))
      .where(eq(incidents.id, incidentId));
    if (!row) throw new AppError("not_found");
    const { circumstancesEncrypted, risksEncrypted, measuresEncrypted, noticeReasonEncrypted, ...facts } = row.incident;
    return {
      ...facts,
      ...{ registeredBy: row.registeredBy, closedBy: row.closedBy },
      circumstances: textOf("incident.circumstances", circumstancesEncrypted),
      risks: textOf("incident.risks", risksEncrypted),
      measures: textOf("incident.measures", measuresEncrypted),
      noticeReason: textOf("incident.notice_reason", noticeReasonEncrypted),
      isNotifiable: isNotifiable(row.incident),
      due: noticesDue(row.incident, await ownHolidaysOf(db)),
      affected: await countAffected(db, incidentId),
      notices: await noticesOf(db, incidentId),
      alertId: await sourceAlertOf(db, incidentId),
      events: await eventsOf(db, incidentId),
      mayManage: isAllowed(actor, "incident:manage") && row.incident.closedAt === null,
    };
  },
});

export type IncidentDetail = Awaited<ReturnType<typeof readIncident>>;

/** The alert that it was registered of. */
async function sourceAlertOf(db: ReadDatabase, incidentId: string): Promise<string | null> {
  const [alert] = await db.select({ id: alerts.id }).from(alerts).where(eq(alerts.incidentId, incidentId)).limit(1);
  return alert?.id ?? null;
}

/** How many recordings and people: a person is a number that was read; calls without one are counted apart. */
async function countAffected(db: ReadDatabase, incidentId: string) {
  const people = sql<number>`count(distinct ${recordings.customerNumberIndex})::int`;
  const unnamed = sql<number>`(count(*) filter (where ${recordings.customerNumberIndex} is null))::int`;
  const ofIncident = eq(incidentRecordings.incidentId, incidentId);
  const join = eq(recordings.id, incidentRecordings.recordingId);
  const [total] = await db
    .select({ recordings: count(), people, withoutNumber: unnamed })
    .from(incidentRecordings)
    .innerJoin(recordings, join)
    .where(ofIncident);
  const byUnit = await db
    .select({ unit: units.name, recordings: count(), people })
    .from(incidentRecordings)
    .innerJoin(recordings, join)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(ofIncident)
    .groupBy(units.id)
    .orderBy(asc(units.name));
  return { ...total!, byUnit };
}

async function noticesOf(db: ReadDatabase, incidentId: string) {
  const { id, kind, sentAt, shownUntil, subjectsTold, referenceEncrypted, textEncrypted, recordedById } =
    incidentNotices;
  const rows = await db
    .select({ id, kind, sentAt, shownUntil, subjectsTold, referenceEncrypted, textEncrypted, recordedBy: users.name })
    .from(incidentNotices)
    .innerJoin(users, eq(users.id, recordedById))
    .where(eq(incidentNotices.incidentId, incidentId))
    .orderBy(desc(id));
  return rows.map(({ referenceEncrypted: reference, textEncrypted: text, ...notice }) => ({
    ...notice,
    reference: textOf("incident.notice_reference", reference),
    text: textOf("incident.notice_text", text),
  }));
}

async function eventsOf(db: ReadDatabase, incidentId: string) {
  const rows = await db
    .select(eventItemColumns)
    .from(auditEvents)
    .where(eq(auditEvents.targetId, incidentId))
    .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
    .limit(100);
  // IP addresses of staff are shown only to those who may read the whole log.
  return (await describeEvents(db, rows)).map((event) => ({ ...event, ipAddress: null }));
}
