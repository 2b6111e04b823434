import { asc, eq, inArray, max } from "drizzle-orm";
import type { Role } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { sessions, units, userUnits, type users } from "@/lib/db/schema";
import { userVersion } from "@/lib/access/users/user-rows";

/** A user as administrators see them. */
export type UserRow = {
  id: string;
  name: string;
  email: string;
  role: Role;
  active: boolean;
  mustChangePassword: boolean;
  units: { id: string; name: string }[];
  lastSignInAt: Date | null;
  /** Passed back to `updateUser`. */
  version: string;
};

/** Adds units and the last sign-in to rows of users, in their order, and omits the password hash. */
export async function describeUsers(db: ReadDatabase, rows: (typeof users.$inferSelect)[]): Promise<UserRow[]> {
  const ids = rows.map(({ id }) => id);
  const [unitsByUser, signIns] = await Promise.all([unitsOf(db, ids), lastSignInsOf(db, ids)]);
  return rows.map(({ id, name, email, role, active, mustChangePassword, ...dates }) => ({
    ...{ id, name, email, role, active, mustChangePassword },
    units: unitsByUser.get(id) ?? [],
    lastSignInAt: signIns.get(id) ?? null,
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

async function lastSignInsOf(db: ReadDatabase, userIds: string[]): Promise<Map<string, Date | null>> {
  const rows = await db
    .select({ userId: sessions.userId, at: max(sessions.createdAt) })
    .from(sessions)
    .where(inArray(sessions.userId, userIds))
    .groupBy(sessions.userId);
  return new Map(rows.map(({ userId, at }) => [userId, at]));
}
