import { and, eq, isNull, sql } from "drizzle-orm";
import type { Transaction, ReadDatabase } from "@/lib/db/client";
import { subjectRequestEvents, subjectRequestMandates, subjectRequests } from "@/lib/db/schema";
import { purgeMandates } from "@/lib/subject-requests/purge-mandates";

/** Days after the last event of a request that ended and that nobody closed. */
const forgottenAfterDays = 30;

const isForgotten = (now: Date) => {
  const { requestId, createdAt } = subjectRequestEvents;
  return and(
    isNull(subjectRequestMandates.purgedAt),
    eq(subjectRequests.isOpen, false),
    sql`not exists (select from ${subjectRequestEvents} where ${requestId} = ${subjectRequests.id}
      and ${createdAt} > ${now.toISOString()}::timestamptz - make_interval(days => ${forgottenAfterDays}))`,
  );
};

const ofForgotten = (db: ReadDatabase, limit: number) =>
  db
    .selectDistinct({ id: subjectRequests.id })
    .from(subjectRequestMandates)
    .innerJoin(subjectRequests, eq(subjectRequests.id, subjectRequestMandates.requestId))
    .where(isForgotten(new Date()))
    .limit(limit);

/** Whether a request that ended still has documents of a representative. */
export const hasForgottenMandates = async (db: ReadDatabase): Promise<boolean> => (await ofForgotten(db, 1)).length > 0;

/** Deletes the documents of some requests that ended, as a closure does. @returns these requests, and how many went. */
export async function purgeForgottenMandates(tx: Transaction, limit: number) {
  const ids = (await ofForgotten(tx, limit)).map(({ id }) => id);
  return { requestIds: ids, mandatesPurged: await purgeMandates(tx, ids) };
}
