import { z } from "zod";
import { endPasswordLinks } from "@/lib/access/password-links/password-link";
import { lockUser } from "@/lib/access/users/user-rows";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Ends a user's invitation: its link stops working. The account stays, without a password.
 * @throws AppError `not_found`
 */
export const withdrawInvitation = command({
  permission: "user:write",
  input: z.object({ userId: z.uuid() }),
  audits: ["user.invitation_withdrawn"],
  run: async ({ tx, input: { userId } }) => {
    await lockUser(tx, userId);
    const ended = await endPasswordLinks(tx, userId, "withdrawn");
    const result = { userId };
    if (ended === 0) return { result, unchanged: true as const };
    const target = { type: "user", id: userId };
    return { result, audits: [auditEvent("user.invitation_withdrawn", { target })] };
  },
});
