import { and, asc, count, countDistinct, eq, isNotNull, isNull, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestDecisions, subjectRequests, subjectRequestSharerTasks } from "@/lib/db/schema";
import { receivedIn, type StatisticsPeriod } from "@/lib/subject-requests/statistics/statistics-period";

/** What was decided of recordings, by measure and ground, with how much of it is done. */
export async function countDecisions(db: ReadDatabase, period: StatisticsPeriod) {
  const { measure, ground, requestId, recordingId, doneAt, endedAt } = subjectRequestDecisions;
  return db
    .select({
      ...{ measure, ground, decided: count(), recordings: countDistinct(recordingId) },
      done: sql<number>`count(*) filter (where ${doneAt} is not null)`.mapWith(Number),
    })
    .from(subjectRequestDecisions)
    .innerJoin(subjectRequests, eq(subjectRequests.id, requestId))
    .where(and(receivedIn(period), isNotNull(recordingId), isNull(endedAt)))
    .groupBy(measure, ground)
    .orderBy(asc(measure), asc(ground));
}

/** Recipients who are still to be told what was done with a recording (LGPD Art. 18, § 6). */
export async function countOpenNotices(db: ReadDatabase): Promise<number> {
  const { closedAt, emptiedAt } = subjectRequestSharerTasks;
  return db.$count(subjectRequestSharerTasks, and(isNull(closedAt), isNull(emptiedAt)));
}
