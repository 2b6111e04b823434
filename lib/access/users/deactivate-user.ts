import { eq } from "drizzle-orm";
import { z } from "zod";
import { endPasswordLinks } from "@/lib/access/password-links/password-link";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { keepBreakGlass } from "@/lib/access/sign-in/local-sign-in";
import { command } from "@/lib/operation/operation";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { lockUser, nextVersion, isOneself } from "@/lib/access/users/user-rows";

/**
 * Deactivates a user and ends their sessions at once. The row stays, because the audit log refers to it.
 * @throws AppError `not_found`, `last_admin`, `own_role`, `break_glass_needed`
 */
export const deactivateUser = command({
  permission: "user:write",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["user.deactivated"],
  run: async ({ tx, actor, input: { userId } }) => {
    const event = await deactivate(tx, actor, userId);
    const result = { userId };
    return event ? { result, audits: [event] as const } : { result, unchanged: true as const };
  },
});

/**
 * Deactivates a user in the caller's transaction. Null: they are not active.
 * @returns the event, which the caller's command writes.
 * @throws AppError `not_found`, `last_admin`, `own_role`, `break_glass_needed`
 */
export async function deactivate(tx: Transaction, actor: Actor, userId: string) {
  const user = await lockUser(tx, userId);
  if (!user.active) return null;
  if (user.isLastAdmin) throw new AppError("last_admin", "deactivating the last active admin");
  if (isOneself(actor, userId)) throw new AppError("own_role", "deactivating oneself");
  await keepBreakGlass(tx, user);
  await tx
    .update(users)
    .set({ active: false, updatedAt: nextVersion(user) })
    .where(eq(users.id, userId));
  const sessionsEnded = await endSessions(tx, userId);
  await endPasswordLinks(tx, userId, "withdrawn");
  const target = { type: "user", id: userId };
  return auditEvent("user.deactivated", { target, details: { role: user.role, sessionsEnded } });
}
