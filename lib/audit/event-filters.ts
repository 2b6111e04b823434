import { and, eq, gte, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { auditActions } from "@/lib/operation/audit-actions";
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
  action: z.enum(auditActions).optional(),
  outcome: z.enum(auditEvents.outcome.enumValues).optional(),
  targetId: z.string().min(1).max(64).optional(),
  unitId: z.uuid().optional(),
});

export type EventFilters = z.output<typeof eventFilters>;

export function eventConditions({ from, to, actor, action, outcome, targetId, unitId }: EventFilters): SQL {
  const byActor =
    actor === anonymousActor
      ? eq(auditEvents.actorType, "anonymous")
      : actor !== undefined && eq(auditEvents.actorId, actor);
  const conditions = [
    from && gte(auditEvents.occurredAt, startOfDay(from)),
    to && lt(auditEvents.occurredAt, startOfDay(to, 1)),
    byActor,
    action && eq(auditEvents.action, action),
    // Written out, so that the partial index of what did not succeed is found.
    outcome && and(eq(auditEvents.outcome, outcome), outcome === "success" ? undefined : sql`outcome <> 'success'`),
    targetId && eq(auditEvents.targetId, targetId),
    unitId && eq(auditEvents.unitId, unitId),
  ];
  return and(sql`true`, ...conditions.filter((condition): condition is SQL => typeof condition === "object"))!;
}
