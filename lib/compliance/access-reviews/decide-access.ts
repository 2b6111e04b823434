import { and, asc, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { deactivate } from "@/lib/access/users/deactivate-user";
import { unitIdsOf, writeUser } from "@/lib/access/users/update-user";
import { isOneself, lockUser, userVersion } from "@/lib/access/users/user-rows";
import { endReviews } from "@/lib/compliance/access-reviews/end-reviews";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { accessReviewEntries, accessReviews, users, userUnits } from "@/lib/db/schema";
import type { accessDecisions } from "@/lib/db/schema/access-reviews";
import { transactionNow } from "@/lib/db/schema/columns";
import type { AuditAction } from "@/lib/operation/audit-actions";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Actor } from "@/lib/operation/actor";
import { command, requireFreshProof } from "@/lib/operation/operation";

type Decision = (typeof accessDecisions)[number];

const decided = ["access_review.decided", "access_review.ended", "user.deactivated", "user.updated"] as const;

type Event = AuditEventInput<(typeof decided)[number] & AuditAction>;

/**
 * Confirms a person's access, removes units from it, or deactivates the person, at once. Nobody decides on themselves.
 * A second decision changes nothing. What withdraws access needs a fresh proof.
 * @throws AppError `not_found`, `conflict` (ended, or the person was changed since `version`), `own_role`, `last_admin`
 */
export const decideAccess = command({
  permission: "access-review:decide",
  freshProof: ({ decision }) => decision === "deactivated",
  input: z.object({
    reviewId: z.uuid(),
    userId: z.uuid(),
    /** The version of the user that was shown. */
    version: z.iso.datetime(),
    decision: z.enum(["confirmed", "deactivated"]),
    /** The units that a supervisor keeps; left out: all. A form without a checked box sends an empty text. */
    keptUnitIds: z.array(z.union([z.uuid(), z.literal("")])).optional(),
  }),
  audits: decided,
  run: async ({ tx, actor, input: { reviewId, userId, version, decision, keptUnitIds } }) => {
    await lockOpenReview(tx, reviewId);
    const { user, unitIds } = await lockPerson(tx, actor, userId);
    if (userVersion(user).getTime() !== Date.parse(version)) throw new AppError("conflict", "user changed meanwhile");
    if (!(await isUndecided(tx, reviewId, userId))) return { result: null, unchanged: true as const };
    const kept = keptUnitIds === undefined ? unitIds : unitIds.filter((id) => keptUnitIds.includes(id));
    const events: Event[] = [];
    let final: Decision = decision;
    if (decision === "deactivated") {
      const event = await deactivate(tx, actor, userId);
      if (event) events.push(event);
    } else if (kept.length < unitIds.length) {
      assertSomeUnit(kept);
      requireFreshProof(actor);
      final = "units_removed";
      events.push(await writeUser(tx, { ...user, unitIds }, { name: user.name, role: user.role, unitIds: kept }));
    }
    const entry = await record(tx, actor, { reviewId, userId, decision: final, role: user.role, unitIds });
    return { result: null, audits: [entry, ...events, ...(await endReviews(tx))] as const };
  },
});

/**
 * Confirms everybody of a unit who has no decision yet and was not changed since the list was shown, but whoever
 * confirms. Answers how many.
 */
export const confirmUnit = command({
  permission: "access-review:decide",
  input: z.object({ reviewId: z.uuid(), unitId: z.uuid(), seenAt: z.iso.datetime() }),
  audits: decided,
  run: async ({ tx, actor, input: { reviewId, unitId, seenAt } }) => {
    await lockOpenReview(tx, reviewId);
    const members = await tx
      .select({ userId: userUnits.userId })
      .from(userUnits)
      .innerJoin(users, eq(users.id, userUnits.userId))
      .innerJoin(
        accessReviewEntries,
        and(eq(accessReviewEntries.userId, users.id), eq(accessReviewEntries.reviewId, reviewId)),
      )
      .where(and(eq(userUnits.unitId, unitId), users.active, isNull(accessReviewEntries.decision)))
      .orderBy(asc(users.id));
    const events: Event[] = [];
    for (const { userId } of members) {
      if (isOneself(actor, userId)) continue;
      const { user, unitIds } = await lockPerson(tx, actor, userId);
      if (!user.active || userVersion(user).getTime() > Date.parse(seenAt)) continue;
      events.push(await record(tx, actor, { reviewId, userId, decision: "confirmed", role: user.role, unitIds }));
    }
    const [first, ...others] = events;
    const result = { confirmed: events.length };
    if (!first) return { result, unchanged: true as const };
    return { result, audits: [first, ...others, ...(await endReviews(tx))] as const };
  },
});

async function lockOpenReview(tx: Transaction, reviewId: string): Promise<void> {
  const [review] = await tx.select().from(accessReviews).where(eq(accessReviews.id, reviewId)).for("update");
  if (!review) throw new AppError("not_found");
  if (review.endedAt !== null) throw new AppError("conflict", "the review has ended");
}

async function lockPerson(tx: Transaction, actor: Actor, userId: string) {
  if (isOneself(actor, userId)) throw new AppError("own_role", "own access");
  const user = await lockUser(tx, userId);
  return { user, unitIds: await unitIdsOf(tx, userId) };
}

/** @throws AppError `not_found` for a person who is not in the review. */
async function isUndecided(tx: Transaction, reviewId: string, userId: string): Promise<boolean> {
  const { reviewId: ofReview, userId: ofUser, decision } = accessReviewEntries;
  const isThis = and(eq(ofReview, reviewId), eq(ofUser, userId));
  const [entry] = await tx.select({ decision }).from(accessReviewEntries).where(isThis).for("update");
  if (!entry) throw new AppError("not_found", "not in this review");
  return entry.decision === null;
}

/** A supervisor keeps a unit, or is deactivated. */
function assertSomeUnit(kept: readonly string[]): void {
  if (kept.length === 0)
    throw new AppError("invalid_input", "no unit is left", { fields: [{ path: "unitIds", reason: "units_required" }] });
}

type Entry = Required<Pick<typeof accessReviewEntries.$inferSelect, "reviewId" | "userId" | "role" | "unitIds">> & {
  decision: Decision;
};

async function record(tx: Transaction, actor: Actor, { reviewId, userId, decision, role, unitIds }: Entry) {
  if (actor.type !== "user") throw new AppError("forbidden");
  const { reviewId: ofReview, userId: ofUser } = accessReviewEntries;
  await tx
    .update(accessReviewEntries)
    .set({ decision, role, unitIds, decidedById: actor.userId, decidedAt: transactionNow })
    .where(and(eq(ofReview, reviewId), eq(ofUser, userId)));
  const details = { accessReviewId: reviewId, accessDecision: decision, role, unitIds: unitIds ?? [] };
  return auditEvent("access_review.decided", { target: { type: "user", id: userId }, details });
}
