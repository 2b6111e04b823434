import { and, asc, eq, or } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";

export type LockedUser = typeof users.$inferSelect & { isLastAdmin: boolean };

/**
 * Locks a user together with every active admin, in one order, until the end of the transaction: two admins who
 * demote each other wait for one another, and the second one sees what the first one did.
 * The lock lets sessions of these users be inserted meanwhile (their foreign key takes KEY SHARE).
 * @throws AppError `not_found`
 */
export async function lockUser(tx: Transaction, userId: string): Promise<LockedUser> {
  const isActiveAdmin = and(eq(users.role, "admin"), eq(users.active, true));
  const locked = await tx
    .select()
    .from(users)
    .where(or(eq(users.id, userId), isActiveAdmin))
    .orderBy(asc(users.id))
    .for("no key update");
  const user = locked.find(({ id }) => id === userId);
  if (!user) throw new AppError("not_found", "user");
  const admins = locked.filter(({ role, active }) => role === "admin" && active);
  return { ...user, isLastAdmin: admins.length === 1 && admins[0]!.id === userId };
}

/** When a user last changed, as administration sees it: what a form was filled from. */
export function userVersion({ updatedAt, createdAt }: { updatedAt: Date | null; createdAt: Date }): Date {
  return updatedAt ?? createdAt;
}

/** The moment of a change, later than the version it follows even within one millisecond or after a clock step. */
export function nextVersion(user: { updatedAt: Date | null; createdAt: Date }): Date {
  return new Date(Math.max(Date.now(), userVersion(user).getTime() + 1));
}
