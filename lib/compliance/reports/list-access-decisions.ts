import { and, asc, eq, gte, lt, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { boundsOf } from "@/lib/compliance/reports/report-period";
import { calendarDay } from "@/lib/core/time";
import { accessReviewEntries, accessReviews, units, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

const decider = alias(users, "decider");

/** The decisions of reviews in a period, oldest first: for the report. */
export const listAccessDecisions = query({
  permission: "audit-report:make",
  input: z.object({ from: calendarDay, to: calendarDay }),
  run: async ({ db, input }) => {
    const { start, end } = boundsOf(input);
    const { decidedAt, decision, role, unitIds, userId, decidedById } = accessReviewEntries;
    const unitNames = sql<string[]>`array(select ${units.name} from ${units}
      where ${units.id} = any(${unitIds}) order by 1)`;
    return db
      .select({
        ...{ quarter: accessReviews.quarter, userId, person: users.name, role, decision, decidedAt },
        ...{ decidedById, decidedBy: decider.name, unitNames },
      })
      .from(accessReviewEntries)
      .innerJoin(accessReviews, eq(accessReviews.id, accessReviewEntries.reviewId))
      .innerJoin(users, eq(users.id, userId))
      .innerJoin(decider, eq(decider.id, decidedById))
      .where(and(gte(decidedAt, start), lt(decidedAt, end)))
      .orderBy(asc(decidedAt), asc(userId))
      .limit(100_000);
  },
});

export type AccessDecisionRow = Awaited<ReturnType<typeof listAccessDecisions>>[number];
