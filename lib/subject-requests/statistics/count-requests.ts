import { and, asc, count, desc, eq, gte, inArray, lt, sql } from "drizzle-orm";
import { env } from "@/lib/core/env";
import { startOfDay } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestEvents, subjectRequests } from "@/lib/db/schema";
import { receivedIn, type StatisticsPeriod } from "@/lib/subject-requests/statistics/statistics-period";

const { receivedAt, isOpen, channel, requester, id, isUnproven } = subjectRequests;

/** Requests by month of receipt, by channel and by who asks. */
export async function countRequests(db: ReadDatabase, period: StatisticsPeriod) {
  const month = sql<string>`to_char(${receivedAt} at time zone ${env().CONTROLLER_TIME_ZONE}::text, 'YYYY-MM')`;
  const open = sql<number>`count(*) filter (where ${isOpen})`.mapWith(Number);
  const which = receivedIn(period);
  const months = await db
    .select({ month, received: count(), open })
    .from(subjectRequests)
    .where(which)
    .groupBy(sql`1`)
    .orderBy(sql`1`);
  const channels = await db
    .select({ channel, received: count() })
    .from(subjectRequests)
    .where(which)
    .groupBy(channel)
    .orderBy(desc(count()), asc(channel));
  const requesters = await db
    .select({ requester, received: count() })
    .from(subjectRequests)
    .where(which)
    .groupBy(requester)
    .orderBy(desc(count()), asc(requester));
  return { months, channels, requesters };
}

/** Requests of the public form that nobody has proved yet; those that ended so were withdrawn and emptied. */
export async function countUnproven(db: ReadDatabase, { from, to }: StatisticsPeriod): Promise<number> {
  const received = and(gte(receivedAt, startOfDay(from)), lt(receivedAt, startOfDay(to, 1)));
  return db.$count(subjectRequests, and(received, eq(isUnproven, true)));
}

/** Rights whose requester was not proved, and rights that were reopened: how often each happened. */
export async function countSetbacks(db: ReadDatabase, period: StatisticsPeriod) {
  const { kind, requestId } = subjectRequestEvents;
  const rows = await db
    .select({ kind, count: count() })
    .from(subjectRequestEvents)
    .innerJoin(subjectRequests, eq(id, requestId))
    .where(and(receivedIn(period), inArray(kind, ["fail_identity", "reopen"])))
    .groupBy(kind);
  const of = (name: string) => rows.find((row) => row.kind === name)?.count ?? 0;
  return { identityFailures: of("fail_identity"), reopened: of("reopen") };
}
