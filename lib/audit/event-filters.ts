import { and, asc, eq, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import {
  currentName,
  jobSuccessorOf,
  namesOf,
  signedActions,
  successorOf,
  type AuditAction,
} from "@/lib/operation/audit-actions";
import { calendarDay, startOfDay } from "@/lib/core/time";
import { auditEvents } from "@/lib/db/schema/audit";

/** Value of the actor filter that selects events without a known actor. */
export const anonymousActor = "anonymous";

/** The filters of the event list. Days are calendar days in the controller's time zone, both included. */
export const eventFilters = z.object({
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  /** Id of a user or service account, name of a job, or "anonymous". */
  actor: z.string().min(1).max(64).optional(),
  /** An earlier name (for example from an old bookmark) is mapped to its successor. */
  action: z
    .enum(signedActions)
    .transform((action) => currentName(successorOf, action) as AuditAction)
    .optional(),
  outcome: z.enum(auditEvents.outcome.enumValues).optional(),
  targetId: z.string().min(1).max(64).optional(),
  unitId: z.uuid().optional(),
});

export type EventFilters = z.output<typeof eventFilters>;

export function eventConditions({ from, to, actor, action, outcome, targetId, unitId }: EventFilters): SQL {
  const byActor =
    actor === anonymousActor
      ? eq(auditEvents.actorType, "anonymous")
      : actor !== undefined &&
        isNamed(auditEvents.actorId, namesOf(jobSuccessorOf, currentName(jobSuccessorOf, actor)));
  const conditions = [
    from && gte(auditEvents.occurredAt, startOfDay(from)),
    to && lt(auditEvents.occurredAt, startOfDay(to, 1)),
    byActor,
    action && isNamed(auditEvents.action, namesOf(successorOf, action)),
    // A literal, so that PostgreSQL uses the partial index on unsuccessful events.
    outcome && and(eq(auditEvents.outcome, outcome), outcome === "success" ? undefined : sql`outcome <> 'success'`),
    targetId && eq(auditEvents.targetId, targetId),
    unitId && eq(auditEvents.unitId, unitId),
  ];
  return and(sql`true`, ...conditions.filter((condition): condition is SQL => typeof condition === "object"))!;
}

/** The events of a seal's range, or of a range that is not sealed yet. */
export function isInRange(range: { epoch: string; transactionFrom: bigint; transactionTo: bigint }): SQL {
  const { epoch, transactionId } = auditEvents;
  return and(
    eq(epoch, range.epoch),
    gte(transactionId, range.transactionFrom),
    lt(transactionId, range.transactionTo),
  )!;
}

/** The order of events in seals. */
export const inLogOrder = [asc(auditEvents.transactionId), asc(auditEvents.id)];

/** Compares a single name by equality, so that the index returns rows in list order. */
function isNamed(column: typeof auditEvents.action | typeof auditEvents.actorId, names: readonly string[]): SQL {
  return names.length === 1 ? eq(column, names[0]!) : inArray(column, names);
}
