import { and, eq, notInArray, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { processOutcomes } from "@/lib/db/schema/subject-request-words";
import { receivedIn, type StatisticsPeriod } from "@/lib/subject-requests/statistics/statistics-period";
import { endStates } from "@/lib/subject-requests/transitions";

const { right, outcome, answeredAt, dueUntil, state, requestId } = subjectRequestRights;

const countOf = (which: SQL) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);

const isAnswered = sql`${answeredAt} is not null`;
const isOpen = notInArray(state, [...endStates]);
/** Days from receipt to the answer. */
const took = sql`extract(epoch from ${answeredAt} - ${subjectRequests.receivedAt}) / 86400`;
/** Of the rights that were answered; null if none was. */
const days = (figure: SQL) => sql<number | null>`(${figure} filter (where ${isAnswered}))::float8`;

/** For each right: how many were received, how each ended, and how long the answers took. */
export async function countRights(db: ReadDatabase, period: StatisticsPeriod) {
  const outcomes = Object.fromEntries(
    processOutcomes.map((code) => [code, countOf(and(sql`${isAnswered}`, eq(outcome, code))!)]),
  ) as Record<(typeof processOutcomes)[number], SQL<number>>;
  return db
    .select({
      right,
      received: countOf(sql`true`),
      answered: countOf(isAnswered),
      ...outcomes,
      /** Ended without an answer of the desk. */
      withdrawn: countOf(sql`not ${isOpen} and ${answeredAt} is null`),
      open: countOf(isOpen),
      onTime: countOf(sql`${answeredAt} < ${dueUntil}`),
      averageDays: days(sql`avg(${took})`),
      medianDays: days(sql`percentile_cont(0.5) within group (order by ${took})`),
      ninetiethDays: days(sql`percentile_cont(0.9) within group (order by ${took})`),
    })
    .from(subjectRequestRights)
    .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
    .where(receivedIn(period))
    .groupBy(right)
    .orderBy(sql`count(*) desc`, right);
}

const ageInDays = sql`(${databaseNow} at time zone ${subjectRequests.timeZone})::date
  - (${subjectRequests.receivedAt} at time zone ${subjectRequests.timeZone})::date`;

/** How old the rights are that are to be answered now, whenever they were received, and how late. */
export async function countOpenRights(db: ReadDatabase) {
  const [row] = await db
    .select({
      upTo5: countOf(sql`${ageInDays} <= 5`),
      upTo10: countOf(sql`${ageInDays} between 6 and 10`),
      upTo15: countOf(sql`${ageInDays} between 11 and 15`),
      older: countOf(sql`${ageInDays} > 15`),
      overdue: countOf(sql`${dueUntil} <= ${databaseNow}`),
      mostDaysLate: sql<number>`coalesce(max(ceil(extract(epoch from ${databaseNow} - ${dueUntil}) / 86400))
        filter (where ${dueUntil} <= ${databaseNow}), 0)::int`,
    })
    .from(subjectRequestRights)
    .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
    .where(and(isOpen, eq(subjectRequests.isOpen, true), eq(subjectRequests.isUnproven, false)));
  return row!;
}
