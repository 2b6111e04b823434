import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Role } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { users, userUnits } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { keepBreakGlass } from "@/lib/access/sign-in/local-sign-in";
import { command } from "@/lib/operation/operation";
import { isOneself, lockUser, nextVersion, userVersion, replaceUserUnits } from "@/lib/access/users/user-rows";
import { checkUnits, personNameInput, roleInput, unitIdsInput } from "@/lib/access/users/user-input";

const input = z
  .object({
    userId: z.uuid(),
    /** The `version` that the form was loaded with. */
    version: z.iso.datetime(),
    name: personNameInput,
    role: roleInput,
    unitIds: unitIdsInput,
  })
  .superRefine(checkUnits);

/**
 * Changes a user's name, role and units. Takes effect at their next request.
 * @throws AppError `not_found`, `conflict` (the user was changed meanwhile), `last_admin`, `own_role`, `unknown_unit`,
 *   `break_glass_needed`
 */
export const updateUser = command({
  permission: "user:write",
  freshProof: true,
  input,
  audits: ["user.updated"],
  run: async ({ tx, actor, input: { userId, version, name, role, unitIds } }) => {
    const user = await lockUser(tx, userId);
    if (userVersion(user).getTime() !== Date.parse(version)) throw new AppError("conflict", "user changed meanwhile");
    const unitsBefore = await unitIdsOf(tx, userId);
    const roleChanged = role !== user.role;
    const unitsChanged = unitIds.join() !== unitsBefore.join();
    if (roleChanged && user.isLastAdmin) throw new AppError("last_admin", "role of the last active admin");
    if (roleChanged) await keepBreakGlass(tx, user);
    if ((roleChanged || unitsChanged) && isOneself(actor, userId)) throw new AppError("own_role", "own role or units");
    const result = { userId };
    if (!roleChanged && !unitsChanged && name === user.name) return { result, unchanged: true as const };
    return { result, audits: [await writeUser(tx, { ...user, unitIds: unitsBefore }, { name, role, unitIds })] };
  },
});

type Editable = { role: Role; unitIds: readonly string[]; name: string };

/**
 * Writes a user whose rows the caller has locked and checked.
 * @returns the event, which the caller's command writes.
 */
export async function writeUser(tx: Transaction, before: LockedUser & Editable, after: Editable) {
  const { name, role, unitIds } = after;
  await tx
    .update(users)
    .set({ name, role, updatedAt: nextVersion(before) })
    .where(eq(users.id, before.id));
  if (unitIds.join() !== before.unitIds.join()) await replaceUserUnits(tx, before.id, [...unitIds]);
  const details = {
    roleBefore: before.role,
    role,
    unitIdsAdded: unitIds.filter((id) => !before.unitIds.includes(id)),
    unitIdsRemoved: before.unitIds.filter((id) => !unitIds.includes(id)),
    nameChanged: before.name !== name,
  };
  return auditEvent("user.updated", { target: { type: "user", id: before.id }, details });
}

type LockedUser = Awaited<ReturnType<typeof lockUser>>;

/** The units of a user, in order. */
export async function unitIdsOf(tx: Transaction, userId: string): Promise<string[]> {
  const rows = await tx.select({ unitId: userUnits.unitId }).from(userUnits).where(eq(userUnits.userId, userId));
  return rows.map(({ unitId }) => unitId).sort();
}
