import { and, eq, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { isAllowed } from "@/lib/operation/permissions";
import type { ReadDatabase } from "@/lib/db/client";
import { approvals, legalHoldRecordings, legalHolds, recordings, users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { holdState } from "@/lib/legal-holds/list-holds";
import { holdVersion } from "@/lib/legal-holds/lock-hold";
import { isHeldWithoutCall } from "@/lib/legal-holds/placement/call-coverage";
import { releaseEffects } from "@/lib/legal-holds/release/release-effects";
import { unitsOf } from "@/lib/legal-holds/selection-condition";
import { query } from "@/lib/operation/operation";
import { isOneself } from "@/lib/access/users/user-rows";

const owner = alias(users, "owner");
const placer = alias(users, "placer");
const approver = alias(users, "approver");

/**
 * One hold for its page: its facts and totals, its pending release request, and what the reader may do.
 * @throws AppError `not_found`, also for a hold that is not the supervisor's.
 */
export const readHold = query({
  permission: "legal-hold:list",
  input: z.object({ holdId: z.uuid() }),
  run: async ({ db, actor, input: { holdId } }) => {
    const [row] = await db
      .select({ hold: legalHolds, owner: owner.name, placedBy: placer.name, releaseApprovedBy: approver.name })
      .from(legalHolds)
      .innerJoin(owner, eq(owner.id, legalHolds.ownerId))
      .innerJoin(placer, eq(placer.id, legalHolds.placedById))
      .leftJoin(approver, eq(approver.id, legalHolds.releaseApprovedById))
      .where(and(eq(legalHolds.id, holdId), holdScope(actor)));
    if (!row) throw new AppError("not_found", "no such legal hold");
    const { hold, ...names } = row;
    const [request, totals, effects, withoutCall] = await Promise.all([
      pendingRelease(db, holdId),
      totalsOf(db, holdId),
      releaseEffects(db, [holdId]),
      db.$count(recordings, isHeldWithoutCall(holdId, { unitIds: unitsOf(actor) })),
    ]);
    const { id, matter, reason, ownerId, reviewOn, tooLate, createdAt, releasedAt } = hold;
    const inForce = releasedAt === null;
    const isOwn = request !== null && isOneself(actor, request.requestedById);
    return {
      ...{ id, matter, reason, ownerId, reviewOn, tooLate, createdAt, releasedAt, ...names, ...totals },
      state: holdState({ releasedAt, reviewOn, releaseRequested: request !== null }),
      isPlacing: hold.placement !== null,
      isReleasing: hold.releasedThrough !== null,
      effect: effects.get(holdId) ?? { recordings: 0, pastDue: 0 },
      request: request && { ...request, isOwn, mayDecide: !isOwn && isAllowed(actor, "legal-hold:approve-release") },
      mayExtend: inForce && isAllowed(actor, "legal-hold:place"),
      mayWiden: inForce && hold.placement === null && withoutCall > 0 && isAllowed(actor, "legal-hold:place"),
      withoutCall,
      mayUpdate: inForce && isAllowed(actor, "legal-hold:update"),
      mayRequestRelease: inForce && request === null && isAllowed(actor, "legal-hold:request-release"),
      version: holdVersion(hold),
    };
  },
});

export type HoldDetails = Awaited<ReturnType<typeof readHold>>;

async function pendingRelease(db: ReadDatabase, holdId: string) {
  const { id, reason, requestedById, createdAt } = approvals;
  const [request] = await db
    .select({ id, reason, requestedById, createdAt, requestedBy: users.name })
    .from(approvals)
    .innerJoin(users, eq(users.id, requestedById))
    .where(and(eq(approvals.kind, "hold_release"), eq(approvals.subjectId, holdId), eq(approvals.state, "pending")));
  return request ?? null;
}

async function totalsOf(
  db: ReadDatabase,
  holdId: string,
): Promise<{ recordings: number; sizeBytes: number; locked: number }> {
  const { recordingId, lockedAt, unlockedAt } = legalHoldRecordings;
  const [totals] = await db
    .select({
      recordings: sql<number>`count(*)::int`,
      sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8`,
      locked: sql<number>`count(*) filter (where ${lockedAt} is not null and ${unlockedAt} is null)::int`,
    })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, recordingId))
    .where(eq(legalHoldRecordings.holdId, holdId));
  return totals!;
}
