import { desc, lte } from "drizzle-orm";
import { currentController } from "@/lib/access/controller/controller-facts";
import { env } from "@/lib/core/env";
import type { ReadDatabase } from "@/lib/db/client";
import { subjectRequestDeadlines } from "@/lib/db/schema";
import type { DeadlineChange } from "@/lib/subject-requests/deadlines";

/** What the clocks of a request depend on: the controller's zone and size, and the deadlines that it set. */
export type RequestSettings = { timeZone: string; isSmallAgent: boolean; changes: DeadlineChange[] };

/**
 * The settings in force. Until the controller said anything, the zone is that of the installation.
 * @param at those in force at this time instead of now: for a request, when it was received.
 */
export async function requestSettings(db: ReadDatabase, at?: Date): Promise<RequestSettings> {
  const { right, days, source, id, createdAt } = subjectRequestDeadlines;
  const last = await db
    .selectDistinctOn([right], { right, days, source })
    .from(subjectRequestDeadlines)
    .where(at && lte(createdAt, at))
    .orderBy(right, desc(id));
  const changes = last.flatMap(({ days: set, ...change }) => (set === null ? [] : [{ ...change, days: set }]));
  const { version, facts } = await currentController(db, at);
  const timeZone = version === 0 ? env().CONTROLLER_TIME_ZONE : facts.deadlineTimeZone;
  return { timeZone, isSmallAgent: facts.smallAgent, changes };
}
