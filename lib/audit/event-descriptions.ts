import { inArray, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { readEventObjects, type EventObject } from "@/lib/audit/event-objects";
import { auditEvents, auditSeals, serviceAccounts, units, users } from "@/lib/db/schema";
import type { AuditDetails } from "@/lib/db/schema/audit";
import { currentName, jobSuccessorOf, successorOf, targetSuccessorOf } from "@/lib/operation/audit-actions";

/** An audit event for display. Names are the current ones; the log itself holds only ids. */
export type AuditEventItem = {
  id: string;
  occurredAt: Date;
  /** The current name of the action, even if the event was signed under an earlier one. */
  action: string;
  outcome: "success" | "denied" | "failure";
  actor: {
    type: "user" | "service" | "job" | "anonymous";
    id: string | null;
    name: string | null;
    role: string | null;
  };
  target: { type: string; id: string; object: EventObject | null } | null;
  unitName: string | null;
  requestId: string;
  ipAddress: string | null;
  details: AuditDetails;
  /** Sequence of the seal that covers the event; null until it is sealed. */
  seal: number | null;
};

/**
 * The seal whose range contains the event's transaction. `epoch` is qualified with its table, because drizzle omits
 * table names in a select from a single table.
 */
const sealSequence = sql<number | null>`(
  select case when ${auditEvents.transactionId} < s.transaction_to then s.sequence end from ${auditSeals} s
  where s.epoch = ${auditEvents}.epoch and s.transaction_from <= ${auditEvents.transactionId}
  order by s.transaction_from desc limit 1)`.mapWith((value) => (value === null ? null : Number(value)));

/** The columns that `describeEvents` needs. */
export const eventItemColumns = {
  id: auditEvents.id,
  occurredAt: auditEvents.occurredAt,
  action: auditEvents.action,
  outcome: auditEvents.outcome,
  actorType: auditEvents.actorType,
  actorId: auditEvents.actorId,
  actorRole: auditEvents.actorRole,
  targetType: auditEvents.targetType,
  targetId: auditEvents.targetId,
  unitId: auditEvents.unitId,
  requestId: auditEvents.requestId,
  ipAddress: auditEvents.ipAddress,
  details: auditEvents.details,
  seal: sealSequence,
};

type Row = Omit<AuditEventItem, "actor" | "target" | "unitName"> & {
  actorType: AuditEventItem["actor"]["type"];
  actorId: string | null;
  actorRole: string | null;
  targetType: string | null;
  targetId: string | null;
  unitId: string | null;
};

/**
 * Adds the names of people, accounts and units to a page of events, and what is known of their targets, and replaces
 * earlier names by current ones.
 */
export async function describeEvents(db: ReadDatabase, rows: readonly Row[]): Promise<AuditEventItem[]> {
  const targetOf = ({ targetType, targetId }: Row) =>
    targetType === null || targetId === null
      ? null
      : { type: currentName(targetSuccessorOf, targetType), id: targetId };
  const [names, objects] = await Promise.all([
    displayNames(db, rows),
    readEventObjects(
      db,
      rows.map(targetOf).filter((target) => target !== null),
    ),
  ]);
  const nameOf = (id: string | null) => (id === null ? null : (names.get(id) ?? null));
  return rows.map((row) => {
    const { action, actorType, actorId, actorRole, targetType: _type, targetId: _id, unitId, ...event } = row;
    const target = targetOf(row);
    const isJob = actorType === "job" && actorId !== null;
    return {
      ...event,
      action: currentName(successorOf, action),
      actor: {
        type: actorType,
        id: isJob ? currentName(jobSuccessorOf, actorId) : actorId,
        name: nameOf(actorId),
        role: actorRole,
      },
      target: target && { ...target, object: objects.get(target.id) ?? null },
      unitName: nameOf(unitId),
    };
  });
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function displayNames(db: ReadDatabase, rows: readonly Row[]): Promise<Map<string, string>> {
  const mentioned = rows
    .flatMap((row) => [row.actorId, row.unitId])
    .filter((id): id is string => id !== null && uuid.test(id));
  const ids = [...new Set(mentioned)];
  if (ids.length === 0) return new Map();
  const found = await Promise.all([
    db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids)),
    db
      .select({ id: serviceAccounts.id, name: serviceAccounts.name })
      .from(serviceAccounts)
      .where(inArray(serviceAccounts.id, ids)),
    db.select({ id: units.id, name: units.name }).from(units).where(inArray(units.id, ids)),
  ]);
  return new Map(found.flat().map(({ id, name }) => [id, name]));
}
