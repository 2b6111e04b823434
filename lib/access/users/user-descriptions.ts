import { and, asc, desc, eq, inArray, max, sql } from "drizzle-orm";
import type { Role } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { pick } from "@/lib/core/pick";
import { hasSecondFactor } from "@/lib/access/sign-in/second-factor-state";
import { passwordLinks, sessions, ssoIdentities, units, userUnits, users } from "@/lib/db/schema";
import { userVersion } from "@/lib/access/users/user-rows";

/** A user as administrators see them. */
export type UserRow = {
  id: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  mustChangePassword: boolean;
  /** Where the person signs in: here, at the provider of single sign-on, or at both. */
  signsInAt: "portal" | "provider" | "both";
  breakGlass: boolean;
  /** The next sign-in at the provider is linked to this account. */
  isLinkAllowed: boolean;
  units: { id: string; name: string }[];
  lastSignInAt: Date | null;
  /** The invitation of a person who has not set a password; null if there is none, or something took its place. */
  invitation: { expiresAt: Date; state: "open" | "expired" | "withdrawn" } | null;
  hasSecondFactor: boolean;
  /** Passed back to `updateUser`. */
  version: string;
};

/** Adds units and the last sign-in to rows of users, in their order, and omits the password hash. */
export async function describeUsers(db: ReadDatabase, rows: (typeof users.$inferSelect)[]): Promise<UserRow[]> {
  const ids = rows.map(({ id }) => id);
  const [unitsByUser, signIns, linked, invitations, withFactor] = await Promise.all([
    unitsOf(db, ids),
    lastSignInsOf(db, ids),
    linkedOf(db, ids),
    invitationsOf(db, ids),
    withSecondFactor(db, ids),
  ]);
  return rows.map(({ id, name, email, role, active, mustChangePassword, breakGlass, ...dates }) => ({
    ...{ id, name, email, role, active, mustChangePassword, breakGlass },
    signsInAt: dates.ssoOnly ? "provider" : linked.has(id) ? "both" : "portal",
    isLinkAllowed: dates.ssoLinkUntil !== null && dates.ssoLinkUntil > new Date(),
    units: unitsByUser.get(id) ?? [],
    lastSignInAt: signIns.get(id) ?? null,
    invitation: mustChangePassword ? (invitations.get(id) ?? null) : null,
    hasSecondFactor: withFactor.has(id),
    version: userVersion(dates).toISOString(),
  }));
}

async function unitsOf(db: ReadDatabase, userIds: string[]): Promise<Map<string, UserRow["units"]>> {
  const rows = await db
    .select({ userId: userUnits.userId, id: units.id, name: units.name })
    .from(userUnits)
    .innerJoin(units, eq(units.id, userUnits.unitId))
    .where(inArray(userUnits.userId, userIds))
    .orderBy(asc(units.name));
  const byUser = new Map<string, UserRow["units"]>(userIds.map((id) => [id, []]));
  for (const { userId, ...unit } of rows) byUser.get(userId)?.push(unit);
  return byUser;
}

/** The latest link of each user, where it is an invitation that was not used or replaced. */
async function invitationsOf(db: ReadDatabase, userIds: string[]): Promise<Map<string, UserRow["invitation"]>> {
  const rows = await db
    .selectDistinctOn([passwordLinks.userId], {
      ...pick(passwordLinks, "userId", "purpose", "expiresAt", "usedAt", "endReason"),
      isExpired: sql<boolean>`${passwordLinks.expiresAt} <= now()`,
    })
    .from(passwordLinks)
    .where(inArray(passwordLinks.userId, userIds))
    .orderBy(asc(passwordLinks.userId), desc(passwordLinks.createdAt), desc(passwordLinks.id));
  const waiting = rows.filter((row) => row.purpose === "invitation" && !row.usedAt && row.endReason !== "replaced");
  return new Map(
    waiting.map(({ userId, expiresAt, endReason, isExpired }) => [
      userId,
      { expiresAt, state: endReason === "withdrawn" ? "withdrawn" : isExpired ? "expired" : "open" },
    ]),
  );
}

async function lastSignInsOf(db: ReadDatabase, userIds: string[]): Promise<Map<string, Date | null>> {
  const rows = await db
    .select({ userId: sessions.userId, at: max(sessions.createdAt) })
    .from(sessions)
    .where(inArray(sessions.userId, userIds))
    .groupBy(sessions.userId);
  return new Map(rows.map(({ userId, at }) => [userId, at]));
}

async function linkedOf(db: ReadDatabase, userIds: string[]): Promise<Set<string>> {
  const { userId } = ssoIdentities;
  const rows = await db.select({ userId }).from(ssoIdentities).where(inArray(userId, userIds));
  return new Set(rows.map((row) => row.userId));
}

async function withSecondFactor(db: ReadDatabase, userIds: string[]): Promise<Set<string>> {
  const isWith = and(inArray(users.id, userIds), hasSecondFactor);
  const rows = await db.select({ id: users.id }).from(users).where(isWith);
  return new Set(rows.map(({ id }) => id));
}
