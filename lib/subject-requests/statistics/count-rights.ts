import { and, eq, notInArray, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestEvents, subjectRequestRights, subjectRequests } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { processOutcomes } from "@/lib/db/schema/subject-request-words";
import { receivedIn, type StatisticsPeriod } from "@/lib/subject-requests/statistics/statistics-period";
import { endStates } from "@/lib/subject-requests/transitions";

const { id, right, outcome, dueUntil, days, deadlineKind, state, requestId } = subjectRequestRights;

const countOf = (which: SQL) => sql<number>`count(*) filter (where ${which})`.mapWith(Number);

const isOpen = notInArray(state, [...endStates]);
/** When it was answered for the first time: a reopening forgets it in the right, and the history keeps it. */
const firstAnswer = sql`(select min(${subjectRequestEvents.createdAt}) from ${subjectRequestEvents}
  where ${subjectRequestEvents.processId} = ${id} and ${subjectRequestEvents.kind} = 'answer')`;
const isAnswered = sql`${firstAnswer} is not null`;
/** The first deadline; that of an authority is not counted in days. */
const firstDue = sql`case when ${deadlineKind} = 'order' then ${dueUntil} else
  ((${subjectRequests.receivedAt} at time zone ${subjectRequests.timeZone})::date + ${days} + 1)::timestamp
  at time zone ${subjectRequests.timeZone} end`;
/** Days from receipt to the first answer. */
const took = sql`extract(epoch from ${firstAnswer} - ${subjectRequests.receivedAt}) / 86400`;
/** Of the rights that were answered; null if none was. */
const ofAnswers = (figure: SQL) => sql<number | null>`(${figure} filter (where ${isAnswered}))::float8`;

/** For each right: how many were received, how each ended, and how long the first answers took. */
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
      withdrawn: countOf(sql`not ${isOpen} and ${firstAnswer} is null`),
      open: countOf(isOpen),
      onTime: countOf(sql`${firstAnswer} < ${firstDue}`),
      averageDays: ofAnswers(sql`avg(${took})`),
      medianDays: ofAnswers(sql`percentile_cont(0.5) within group (order by ${took})`),
      ninetiethDays: ofAnswers(sql`percentile_cont(0.9) within group (order by ${took})`),
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
