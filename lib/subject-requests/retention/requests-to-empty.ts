import { and, asc, inArray, isNull, max, sql, type SQL } from "drizzle-orm";
import { env } from "@/lib/core/env";
import { endOfPeriod, type Period } from "@/lib/core/time";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import {
  messages,
  subjectRequestDecisions,
  subjectRequestEvents,
  subjectRequestRights,
  subjectRequests,
} from "@/lib/db/schema";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";

export type RequestToEmpty = { request: LockedRequest; isNeverProved: boolean };

/** How long closed requests, and those that nobody proved, are kept. */
const keptClosed = (): Period => ({ value: env().SUBJECT_REQUEST_YEARS, unit: "year" });
const keptUnproven = (): Period => ({ value: env().UNPROVEN_REQUEST_DAYS, unit: "day" });

/** The first instant at which a request may be emptied. The last day of the period is included. */
export const endOfRequest = (since: Date, timeZone: string, isNeverProved: boolean): Date =>
  endOfPeriod(since, isNeverProved ? keptUnproven() : keptClosed(), timeZone);

/** A period ends on a day, so never before the same time of its last day. An index finds these; the day decides. */
const isPast = (time: unknown, { value, unit }: Period, now: Date) =>
  sql`${time} <= ${now.toISOString()}::timestamptz - ${`${value} ${unit}`}::interval`;

const { id, isOpen, isUnproven, createdAt, closedAt, emptiedAt } = subjectRequests;

/** Rows of a table that belong to the request of the outer query. */
const ofRequest = (column: unknown) => sql`${column} = ${subjectRequests}.id`;

/** A deletion that is still to come belongs to the request, and so does a message that is still to be sent. */
const waits = (
  now: Date,
) => sql`(exists (select from ${subjectRequestRights} where ${ofRequest(subjectRequestRights.requestId)}
    and ${subjectRequestRights.outcome} = 'scheduled'
    and ${subjectRequestRights.scheduledFor} >= ${localDate(now)})
  or exists (select from ${subjectRequestDecisions} where ${ofRequest(subjectRequestDecisions.requestId)}
    and ${subjectRequestDecisions.doneAt} is null and ${subjectRequestDecisions.endedAt} is null
    and ${subjectRequestDecisions.measure} in ('delete', 'delete_later', 'anonymise'))
  or exists (select from ${messages} where ${ofRequest(messages.referenceId)} and ${messages.endedAt} is null))`;

const localDate = (now: Date) =>
  sql`(${now.toISOString()}::timestamptz at time zone ${subjectRequests.timeZone})::date`;

/** Somebody at the desk did something to it. */
const isWorkedOn = sql`exists (select from ${subjectRequestEvents} where ${ofRequest(subjectRequestEvents.requestId)}
  and ${subjectRequestEvents.actorType} = 'user')`;

/**
 * What may be due, each with the index that finds it. Closed ones; those that ended and that nobody closed, which count
 * from the last event; those of the public form that nobody proved or worked on.
 */
const kinds = (now: Date): { where: SQL; sort: SQL; isNeverProved: boolean }[] => [
  {
    where: and(sql`${closedAt} is not null`, isNull(emptiedAt), isPast(closedAt, keptClosed(), now))!,
    sort: asc(closedAt),
    isNeverProved: false,
  },
  {
    where: and(
      sql`not ${isOpen}`,
      isNull(closedAt),
      isNull(emptiedAt),
      isPast(createdAt, keptClosed(), now),
      isPast(lastEventAt(), keptClosed(), now),
    )!,
    sort: asc(createdAt),
    isNeverProved: false,
  },
  {
    where: and(sql`${isOpen} and ${isUnproven}`, isPast(createdAt, keptUnproven(), now), sql`not ${isWorkedOn}`)!,
    sort: asc(createdAt),
    isNeverProved: true,
  },
];

function lastEventAt(): SQL {
  const { createdAt: at, requestId } = subjectRequestEvents;
  return sql`(select max(${at}) from ${subjectRequestEvents} where ${ofRequest(requestId)})`;
}

/** Whether there may be something to empty. */
export async function hasRequestsToEmpty(db: ReadDatabase, now = new Date()): Promise<boolean> {
  for (const { where } of kinds(now)) {
    const [found] = await db
      .select({ id })
      .from(subjectRequests)
      .where(and(where, sql`not ${waits(now)}`))
      .limit(1);
    if (found) return true;
  }
  return false;
}

/** Requests whose retention is over, at most `limit` of each kind, locked until `tx` ends. */
export async function lockRequestsToEmpty(tx: Transaction, limit: number, now = new Date()): Promise<RequestToEmpty[]> {
  const found: RequestToEmpty[] = [];
  for (const { where, sort, isNeverProved } of kinds(now)) {
    const requests = await tx
      .select()
      .from(subjectRequests)
      .where(and(where, sql`not ${waits(now)}`))
      .orderBy(sort, asc(id))
      .limit(limit)
      .for("update", { skipLocked: true });
    const since = isNeverProved ? requests.map((request) => request.receivedAt) : await endsOf(tx, requests);
    const isOver = (request: LockedRequest, index: number) =>
      endOfRequest(since[index]!, request.timeZone, isNeverProved) <= now;
    found.push(...requests.filter(isOver).map((request) => ({ request, isNeverProved })));
  }
  return found;
}

/** When each was closed, or what happened last to one that nobody closed. */
async function endsOf(tx: Transaction, requests: readonly LockedRequest[]): Promise<Date[]> {
  const { requestId, createdAt: at } = subjectRequestEvents;
  const ids = requests.filter((request) => request.closedAt === null).map((request) => request.id);
  const rows = await tx
    .select({ requestId, last: max(at) })
    .from(subjectRequestEvents)
    .where(inArray(requestId, ids))
    .groupBy(requestId);
  const last = new Map(rows.map((row) => [row.requestId, row.last]));
  return requests.map((request) => request.closedAt ?? last.get(request.id) ?? request.createdAt);
}
