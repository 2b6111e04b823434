import { TZDate } from "@date-fns/tz";
import { addDays } from "date-fns";
import { and, eq, gte, lt, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { auditActions } from "@/lib/audit/audit-actions";
import { auditEvents } from "@/lib/db/schema/audit";
import { env } from "@/lib/env";

/** The actor filter's value for events by nobody known. */
export const anonymousActor = "anonymous";

/** What the list of events can be narrowed by. Days are calendar days in the controller's zone, both included. */
export const eventFilters = z.object({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  /** Id of a user or service account, name of a job, or "anonymous". */
  actor: z.string().min(1).max(64).optional(),
  action: z.enum(auditActions).optional(),
  outcome: z.enum(auditEvents.outcome.enumValues).optional(),
  targetId: z.string().min(1).max(64).optional(),
  unitId: z.uuid().optional(),
});

export type EventFilters = z.output<typeof eventFilters>;

/** The first moment of a calendar day in the controller's zone, `days` later. */
export function startOfDay(day: string, days = 0): Date {
  const [year, month, date] = day.split("-").map(Number) as [number, number, number];
  return new Date(addDays(new TZDate(year, month - 1, date, env().CONTROLLER_TIME_ZONE), days).getTime());
}

export function eventConditions({ from, to, actor, action, outcome, targetId, unitId }: EventFilters): SQL {
  const byActor = actor === anonymousActor ? eq(auditEvents.actorType, "anonymous") : actor !== undefined && eq(auditEvents.actorId, actor);
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

export type SearchParams = Record<string, string | string[] | undefined>;

/** Reads filters from a URL. A value that makes no sense is left out, so that the list always shows something. */
export function readEventFilters(params: SearchParams): EventFilters {
  const entries = Object.entries(eventFilters.shape).flatMap(([name, schema]) => {
    const value = params[name];
    const parsed = typeof value === "string" && value !== "" ? schema.safeParse(value) : null;
    return parsed?.success ? [[name, parsed.data] as const] : [];
  });
  return Object.fromEntries(entries) as EventFilters;
}
