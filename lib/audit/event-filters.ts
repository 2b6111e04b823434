import { and, eq, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
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

/** The actor filter's value for events by nobody known. */
export const anonymousActor = "anonymous";

/** What the list of events can be narrowed by. Days are calendar days in the controller's zone, both included. */
export const eventFilters = z.object({
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  /** Id of a user or service account, name of a job, or "anonymous". */
  actor: z.string().min(1).max(64).optional(),
  /** An earlier name, as an old bookmark has it, means its successor. */
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
    // Written out, so that the partial index of what did not succeed is found.
    outcome && and(eq(auditEvents.outcome, outcome), outcome === "success" ? undefined : sql`outcome <> 'success'`),
    targetId && eq(auditEvents.targetId, targetId),
    unitId && eq(auditEvents.unitId, unitId),
  ];
  return and(sql`true`, ...conditions.filter((condition): condition is SQL => typeof condition === "object"))!;
}

/** One name by equality, which its index answers in the order of the list. */
function isNamed(column: typeof auditEvents.action | typeof auditEvents.actorId, names: readonly string[]): SQL {
  return names.length === 1 ? eq(column, names[0]!) : inArray(column, names);
}
