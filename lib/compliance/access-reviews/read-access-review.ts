import { asc, desc, eq, inArray, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { z } from "zod";
import { describeUsers } from "@/lib/access/users/user-descriptions";
import { AppError } from "@/lib/core/errors";
import { today } from "@/lib/core/time";
import { readDatabaseTime } from "@/lib/db/database-time";
import { accessReviewEntries, accessReviews, units, users } from "@/lib/db/schema";
import { permissions, isAllowed, type Permission } from "@/lib/operation/permissions";
import { roles } from "@/lib/operation/actor";
import { query } from "@/lib/operation/operation";

const decider = alias(users, "decider");

/**
 * One review, by default the latest, with everybody in it as they are now: role, units, last sign-in, decision. Null
 * before the first.
 */
export const readAccessReview = query({
  permission: "access-review:read",
  input: z.object({ reviewId: z.uuid().optional() }),
  run: async ({ db, actor, input: { reviewId } }) => {
    // Before anybody is read: whoever is changed meanwhile is newer than what was shown.
    const seenAt = (await readDatabaseTime(db)).toISOString();
    const all = await db.select().from(accessReviews).orderBy(desc(accessReviews.quarter)).limit(100);
    const review = reviewId === undefined ? all[0] : all.find(({ id }) => id === reviewId);
    if (!review) {
      if (reviewId !== undefined) throw new AppError("not_found");
      return null;
    }
    const entries = await db
      .select({ entry: accessReviewEntries, user: users, decidedBy: decider.name })
      .from(accessReviewEntries)
      .innerJoin(users, eq(users.id, accessReviewEntries.userId))
      .leftJoin(decider, eq(decider.id, accessReviewEntries.decidedById))
      .where(eq(accessReviewEntries.reviewId, review.id))
      .orderBy(asc(sql`${accessReviewEntries.decision} is not null`), asc(users.name), asc(users.id))
      .limit(5000);
    const described = await describeUsers(
      db,
      entries.map(({ user }) => user),
    );
    const mayDecide = isAllowed(actor, "access-review:decide") && review.endedAt === null;
    const rows = entries.map(({ entry: { decision, decidedAt }, decidedBy }, index) => {
      const person = described[index]!;
      const isOwn = actor.type === "user" && actor.userId === person.id;
      return {
        ...{ person, decision, decidedAt, decidedBy },
        mayDecide: mayDecide && decision === null && person.active && !isOwn,
      };
    });
    const undecided = rows.filter(({ decision, person }) => decision === null && person.active);
    const unitIds = [...new Set(undecided.flatMap(({ person }) => person.units.map(({ id }) => id)))];
    return {
      ...{ ...review, rows, mayDecide, undecided: undecided.length },
      isOverdue: review.endedAt === null && review.dueOn < today(),
      /** Units with somebody to decide on. */
      units: await db
        .select({ id: units.id, name: units.name })
        .from(units)
        .where(inArray(units.id, unitIds))
        .orderBy(asc(units.name)),
      earlier: all.map(({ id, quarter }) => ({ id, quarter })),
      seenAt,
      rights: Object.fromEntries(roles.map((role) => [role, rightsOf(role)])) as Record<
        (typeof roles)[number],
        Permission[]
      >,
    };
  },
});

/** What a role may do. */
const rightsOf = (role: (typeof roles)[number]) =>
  (Object.keys(permissions) as Permission[]).filter((name) => (permissions[name] as readonly string[]).includes(role));

export type AccessReview = NonNullable<Awaited<ReturnType<typeof readAccessReview>>>;
export type AccessReviewRow = AccessReview["rows"][number];
