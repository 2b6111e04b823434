import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { users } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { endSessions, lockUser, nextVersion, isOneself } from "@/lib/access/users/user-rows";

/**
 * Deactivates a user and ends their sessions at once. The row stays, because the audit log refers to it.
 * @throws AppError `not_found`, `last_admin`, `own_role`
 */
export const deactivateUser = command({
  permission: "user:write",
  input: z.object({ userId: z.uuid() }),
  audits: ["user.deactivated"],
  run: async ({ tx, actor, input: { userId } }) => {
    const user = await lockUser(tx, userId);
    const result = { userId };
    if (!user.active) return { result, unchanged: true as const };
    if (user.isLastAdmin) throw new AppError("last_admin", "deactivating the last active admin");
    if (isOneself(actor, userId)) throw new AppError("own_role", "deactivating oneself");
    await tx
      .update(users)
      .set({ active: false, updatedAt: nextVersion(user) })
      .where(eq(users.id, userId));
    const sessionsEnded = await endSessions(tx, userId);
    const target = { type: "user", id: userId };
    return {
      result,
      audits: [auditEvent("user.deactivated", { target, details: { role: user.role, sessionsEnded } })],
    };
  },
});
