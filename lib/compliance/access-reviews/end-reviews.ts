import { and, eq, isNull, notExists, sql } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { accessReviewEntries, accessReviews, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";

/** The entries of reviews that wait for a decision: of people who are still active. */
export const undecidedEntries = (db: ReadDatabase) =>
  db
    .select({ userId: accessReviewEntries.userId })
    .from(accessReviewEntries)
    .innerJoin(users, eq(users.id, accessReviewEntries.userId))
    .where(and(eq(accessReviewEntries.reviewId, accessReviews.id), isNull(accessReviewEntries.decision), users.active));

/** Ends the open reviews in which everybody who is still active has a decision. Returns their events. */
export async function endReviews(tx: Transaction) {
  const ended = await tx
    .update(accessReviews)
    .set({ endedAt: transactionNow })
    .where(and(isNull(accessReviews.endedAt), notExists(undecidedEntries(tx))))
    .returning();
  const events = [];
  for (const { id, quarter, people } of ended) {
    const { decision, reviewId } = accessReviewEntries;
    const decided = await tx
      .select({ decision, found: sql<number>`count(*)::int` })
      .from(accessReviewEntries)
      .where(eq(reviewId, id))
      .groupBy(decision);
    const count = (name: (typeof decided)[number]["decision"]) =>
      decided.find((row) => row.decision === name)?.found ?? 0;
    const counts = {
      ...{ confirmed: count("confirmed"), unitsRemoved: count("units_removed"), deactivated: count("deactivated") },
      leftBefore: count(null),
    };
    events.push(
      auditEvent("access_review.ended", {
        target: { type: "access_review", id },
        details: { quarter, people, ...counts },
      }),
    );
  }
  return events;
}
