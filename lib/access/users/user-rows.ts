import { and, asc, eq, or, inArray } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { users, units, userUnits } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import type { Actor } from "@/lib/operation/actor";

export type LockedUser = typeof users.$inferSelect & { isLastAdmin: boolean };

/**
 * Locks a user and all active admins, in one order, until the transaction ends: two admins who demote each other are
 * serialised, and the second one sees the first one's change. Allows sessions of these users to be inserted meanwhile
 * (their foreign key takes KEY SHARE).
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

/** When a user last changed. Forms send it back as the version that they were loaded with. */
export function userVersion({ updatedAt, createdAt }: { updatedAt: Date | null; createdAt: Date }): Date {
  return updatedAt ?? createdAt;
}

/** The time of a change. Always later than the previous version, even within one millisecond or after a clock step. */
export function nextVersion(user: { updatedAt: Date | null; createdAt: Date }): Date {
  return new Date(Math.max(Date.now(), userVersion(user).getTime() + 1));
}

/** Whether the actor is this user. */
export function isOneself(actor: Actor, userId: string): boolean {
  return actor.type === "user" && actor.userId === userId;
}

/**
 * Replaces a user's units.
 * @throws AppError `unknown_unit`
 */
export async function replaceUserUnits(tx: Transaction, userId: string, unitIds: readonly string[]): Promise<void> {
  const known = await tx.$count(units, inArray(units.id, [...unitIds]));
  if (known !== unitIds.length)
    throw new AppError("unknown_unit", "unit of a user", { fields: [{ path: "unitIds", reason: "unknown_unit" }] });
  await tx.delete(userUnits).where(eq(userUnits.userId, userId));
  if (unitIds.length > 0) await tx.insert(userUnits).values(unitIds.map((unitId) => ({ userId, unitId })));
}
