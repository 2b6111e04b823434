import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { users } from "@/lib/db/schema";
import { command } from "@/lib/operation/operation";
import { lockUser, nextVersion } from "@/lib/access/users/user-rows";

/**
 * Reactivates a user with their previous role, units and password.
 * @throws AppError `not_found`
 */
export const reactivateUser = command({
  permission: "user:write",
  freshProof: true,
  input: z.object({ userId: z.uuid() }),
  audits: ["user.reactivated"],
  run: async ({ tx, input: { userId } }) => {
    const user = await lockUser(tx, userId);
    const result = { userId };
    if (user.active) return { result, unchanged: true as const };
    await tx
      .update(users)
      .set({ active: true, updatedAt: nextVersion(user) })
      .where(eq(users.id, userId));
    const target = { type: "user", id: userId };
    return { result, audits: [auditEvent("user.reactivated", { target, details: { role: user.role } })] };
  },
});
