import { and, asc, count, eq, inArray, isNull, notInArray, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, recordings, users, userUnits } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

const mayOwn = and(eq(users.active, true), inArray(users.role, ["supervisor", "dpo"]))!;

/** Who can answer for a hold: whoever may place one. */
export const listHoldOwners = query({
  permission: "legal-hold:place",
  input: z.object({}),
  run: ({ db }) =>
    db
      .select({ id: users.id, name: users.name, role: users.role })
      .from(users)
      .where(mayOwn)
      .orderBy(asc(users.name), asc(users.id))
      .limit(500),
});

/** How many recordings under a hold its owner does not see: a supervisor has units. */
export async function countUnseen(db: ReadDatabase, holdId: string): Promise<number> {
  const units = await unitsOfOwner(db, holdId);
  if (!units) return 0;
  const [row] = await db
    .select({ count: count() })
    .from(legalHoldRecordings)
    .innerJoin(recordings, eq(recordings.id, legalHoldRecordings.recordingId))
    .where(
      and(
        eq(legalHoldRecordings.holdId, holdId),
        isNull(legalHoldRecordings.releasedAt),
        notInArray(recordings.unitId, units),
      ),
    );
  return row!.count;
}

/**
 * Whoever answers for a hold must be able to see every recording that a person places under it. Later recordings of its
 * calls are held in any unit.
 * @param unseenBefore may stay. @param coming what is still to be placed. @param path the field that can be corrected.
 * @throws AppError `invalid_input`
 */
export async function requireOwnerSeesAll(
  db: ReadDatabase,
  holdId: string,
  { path = "ownerId", unseenBefore = 0, coming }: { path?: string; unseenBefore?: number; coming?: SQL } = {},
): Promise<void> {
  const units = coming ? await unitsOfOwner(db, holdId) : null;
  const unseen = units ? await db.$count(recordings, and(coming, notInArray(recordings.unitId, units))) : 0;
  if (unseen === 0 && (await countUnseen(db, holdId)) <= unseenBefore) return;
  const fields = [{ path, reason: "owner_outside_units" }];
  throw new AppError("invalid_input", "the owner does not see every unit of the hold", { fields });
}

/** Null for an owner who sees all units. */
async function unitsOfOwner(db: ReadDatabase, holdId: string): Promise<string[] | null> {
  const [owner] = await db
    .select({ id: users.id, role: users.role })
    .from(legalHolds)
    .innerJoin(users, eq(users.id, legalHolds.ownerId))
    .where(eq(legalHolds.id, holdId));
  if (owner?.role !== "supervisor") return null;
  const rows = await db.select({ id: userUnits.unitId }).from(userUnits).where(eq(userUnits.userId, owner.id));
  return rows.map(({ id }) => id);
}

/** @throws AppError `invalid_input` for somebody who cannot answer for a hold. */
export async function requireOwner(db: ReadDatabase, ownerId: string): Promise<void> {
  if ((await db.$count(users, and(eq(users.id, ownerId), mayOwn))) === 1) return;
  throw new AppError("invalid_input", "not a possible owner", { fields: [{ path: "ownerId", reason: "unknown" }] });
}
