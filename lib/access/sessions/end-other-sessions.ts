import { z } from "zod";
import { endSessions } from "@/lib/access/sessions/end-sessions";
import { AppError } from "@/lib/core/errors";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Ends all sessions of the actor's but the current one. */
export const endOtherSessions = command({
  permission: "session:end",
  input: z.object({}),
  audits: ["account.sessions_ended"],
  run: async ({ tx, actor }) => {
    if (actor.type !== "user") throw new AppError("forbidden", "only users have sessions");
    const sessionsEnded = await endSessions(tx, actor.userId, { except: actor.sessionId });
    const result = { sessionsEnded };
    if (sessionsEnded === 0) return { result, unchanged: true as const };
    const target = { type: "user", id: actor.userId };
    return { result, audits: [auditEvent("account.sessions_ended", { target, details: { sessionsEnded } })] };
  },
});
