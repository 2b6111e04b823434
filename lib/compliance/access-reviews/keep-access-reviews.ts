import { eq, lt } from "drizzle-orm";
import { z } from "zod";
import { endReviews } from "@/lib/compliance/access-reviews/end-reviews";
import { notifyStaff } from "@/lib/compliance/oversight/notify-staff";
import { newId } from "@/lib/core/new-id";
import { calendarDay, startOfDay, today } from "@/lib/core/time";
import type { Transaction } from "@/lib/db/client";
import { accessReviewEntries, accessReviews, users } from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const daysToDecide = 30;

/** The first day of the quarter of a day. */
const quarterOf = (day: string) => {
  const month = Number(day.slice(5, 7));
  return `${day.slice(0, 4)}-${String(month - ((month - 1) % 3)).padStart(2, "0")}-01`;
};

/**
 * Begins the review of the quarter, once, with everybody who is active; ends reviews in which nobody is left to decide
 * on. An installation that nobody used before the quarter has none.
 */
export const keepAccessReviews = command({
  permission: "access-review:open",
  input: z.object({ day: calendarDay.optional() }),
  audits: ["access_review.opened", "access_review.ended"],
  run: async ({ tx, input: { day = today() } }) => {
    const opened = await open(tx, day);
    const ended = await endReviews(tx);
    const [first, ...others] = [...(opened ? [opened] : []), ...ended];
    const result = { opened: opened !== null, ended: ended.length };
    return first ? { result, audits: [first, ...others] as const } : { result, unchanged: true as const };
  },
});

async function open(tx: Transaction, day: string) {
  const quarter = quarterOf(day);
  const earlier = lt(users.createdAt, startOfDay(quarter));
  const [someone] = await tx.select({ id: users.id }).from(users).where(earlier).limit(1);
  if (!someone) return null;
  const dueOn = today(startOfDay(day, daysToDecide));
  const people = await tx.$count(users, eq(users.active, true));
  const id = newId();
  const inserted = await tx
    .insert(accessReviews)
    .values({ id, quarter, people, dueOn })
    .onConflictDoNothing()
    .returning({ id: accessReviews.id });
  if (inserted.length === 0) return null;
  const active = await tx.select({ userId: users.id }).from(users).where(eq(users.active, true));
  const entries = active.map(({ userId }) => ({ reviewId: id, userId }));
  for (let start = 0; start < entries.length; start += 1000)
    await tx.insert(accessReviewEntries).values(entries.slice(start, start + 1000));
  await notifyStaff(tx, { roles: ["admin", "dpo"], template: "access_review_opened", referenceId: id });
  const target = { type: "access_review", id };
  return auditEvent("access_review.opened", { target, details: { quarter, people: entries.length, dueOn } });
}
