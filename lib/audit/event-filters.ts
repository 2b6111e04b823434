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
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { calendarDay, startOfDay } from "@/lib/core/time";
import { recordings } from "@/lib/db/schema";
import { auditEvents } from "@/lib/db/schema/audit";

/** Value of the actor filter that selects events without a known actor. */
export const anonymousActor = "anonymous";

/** Names of actions, separated by commas. An earlier name (of an old bookmark) is mapped to its successor. */
const actionList = z
  .string()
  .max(8000)
  .transform((text, context) => {
    const names = z.array(z.enum(signedActions)).min(1).safeParse(text.split(","));
    if (names.success) return [...new Set(names.data.map((name) => currentName(successorOf, name) as AuditAction))];
    context.addIssue({ code: "custom", message: "unknown_action" });
    return z.NEVER;
  });

/** An address as `readEventSearch` encrypted it: no URL shows it. */
const addressToken = z
  .string()
  .max(200)
  .refine((token) => addressOf(token) !== null);

function addressOf(token: string): string | null {
  try {
    return decryptField("audit_search.ip_address", Buffer.from(token, "base64url"));
  } catch {
    return null;
  }
}

/** The filters of the event list. Days are calendar days in the controller's time zone, both included. */
export const eventFilters = z.object({
  from: calendarDay.optional(),
  to: calendarDay.optional(),
  /** Id of a user or service account, name of a job, or "anonymous". */
  actor: z.string().min(1).max(64).optional(),
  /** People, service accounts, or jobs alone. */
  actorType: z.enum(["user", "service", "job"]).optional(),
  action: actionList.optional(),
  outcome: z.enum(auditEvents.outcome.enumValues).optional(),
  targetId: z.string().min(1).max(64).optional(),
  unitId: z.uuid().optional(),
  /** One call of a page or of the API. */
  requestId: z.uuid().optional(),
  ipAddress: addressToken.optional(),
  /** The digest of a call's protocol (`readEventSearch`). The log holds none: it selects the call's recordings. */
  protocol: z
    .string()
    .regex(/^[\w-]{43}$/)
    .optional(),
});

export type EventFilters = z.output<typeof eventFilters>;

export function eventConditions(filters: EventFilters): SQL {
  const { from, to, actor, actorType, action, outcome, targetId, unitId, requestId, ipAddress, protocol } = filters;
  const byActor =
    actor === anonymousActor
      ? eq(auditEvents.actorType, "anonymous")
      : actor !== undefined &&
        isNamed(auditEvents.actorId, namesOf(jobSuccessorOf, currentName(jobSuccessorOf, actor)));
  const conditions = [
    from && gte(auditEvents.occurredAt, startOfDay(from)),
    to && lt(auditEvents.occurredAt, startOfDay(to, 1)),
    byActor,
    actorType && eq(auditEvents.actorType, actorType),
    action && isNamed(auditEvents.action, signedNames(action)),
    // A literal, so that PostgreSQL uses the partial index on unsuccessful events.
    outcome && and(eq(auditEvents.outcome, outcome), outcome === "success" ? undefined : sql`outcome <> 'success'`),
    targetId && eq(auditEvents.targetId, targetId),
    unitId && eq(auditEvents.unitId, unitId),
    requestId && eq(auditEvents.requestId, requestId),
    ipAddress && eq(auditEvents.ipAddress, addressOf(ipAddress)!),
    protocol && isOfCall(Buffer.from(protocol, "base64url")),
  ];
  return and(sql`true`, ...conditions.filter((condition): condition is SQL => typeof condition === "object"))!;
}

/** All names under which events of these kinds were signed. */
export const signedNames = (actions: readonly AuditAction[]): string[] =>
  actions.flatMap((action) => namesOf(successorOf, action));

/** The events about the recordings of calls with a protocol, by its digest. */
const isOfCall = (digest: Buffer) =>
  sql`${auditEvents.targetId} = any(array(select ${recordings.id}::text from ${recordings}
    where ${recordings.protocolIndex} = ${digest}))`;

/** The filters as texts, for the record and the head of an export. Who exported by an address is told, not which. */
export const filterTexts = ({ action, ipAddress, ...filters }: EventFilters): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ ...filters, action: action?.join(","), ipAddress: ipAddress && "*" }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  );

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
