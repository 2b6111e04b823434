import { z } from "zod";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { lockUser } from "@/lib/access/users/user-rows";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Ends all sessions of a user, also one's own.
 * @throws AppError `not_found`
 */
export const endUserSessions = command({
  permission: "user:write",
  input: z.object({ userId: z.uuid() }),
  audits: ["user.sessions_ended"],
  run: async ({ tx, input: { userId } }) => {
    await lockUser(tx, userId);
    const sessionsEnded = await endSessions(tx, userId);
    const result = { userId, sessionsEnded };
    if (sessionsEnded === 0) return { result, unchanged: true as const };
    const target = { type: "user", id: userId };
    return { result, audits: [auditEvent("user.sessions_ended", { target, details: { sessionsEnded } })] };
  },
});
