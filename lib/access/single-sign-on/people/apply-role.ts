import type { Granted } from "@/lib/access/single-sign-on/claims/role-of-claims";
import { unitIdsOf, writeUser } from "@/lib/access/users/update-user";
import { personNameInput } from "@/lib/access/users/user-input";
import type { LockedUser } from "@/lib/access/users/user-rows";
import type { Transaction } from "@/lib/db/client";
import type { Role } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";

/**
 * Gives a locked user the role and units of the claims, and the provider's name unless it is null or unfit. The last
 * administrator keeps the role.
 * @returns the role from now on, and the events: one for each change.
 */
export async function applyRole(tx: Transaction, user: LockedUser, granted: Granted, name: string | null) {
  const target = { type: "user", id: user.id };
  if (user.isLastAdmin && granted.role !== "admin") {
    const kept = auditEvent("single_sign_on.role_kept", { target, details: { role: user.role } });
    return { role: user.role as Role, events: [kept] };
  }
  const given = personNameInput.safeParse(name);
  const unitIds = await unitIdsOf(tx, user.id);
  const before = { ...user, unitIds };
  const after = { role: granted.role, unitIds: granted.unitIds, name: given.success ? given.data : user.name };
  const isSame = after.role === user.role && after.name === user.name && after.unitIds.join() === unitIds.join();
  return { role: after.role, events: isSame ? [] : [await writeUser(tx, before, after)] };
}
