import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { sessions } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";

/** Ends the actor's current session. Its playback grants end with it. */
export const endSession = command({
  permission: "session:end",
  input: z.object({}),
  audits: ["session.ended"],
  run: async ({ tx, actor }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const ended = await tx
      .update(sessions)
      .set({ endedAt: transactionNow })
      .where(and(eq(sessions.id, actor.sessionId), isNull(sessions.endedAt)))
      .returning({ id: sessions.id });
    if (ended.length === 0) return { result: null, unchanged: true };
    const target = { type: "user", id: actor.userId };
    return { result: null, audits: [auditEvent("session.ended", { target, details: { sessionId: actor.sessionId } })] };
  },
});
