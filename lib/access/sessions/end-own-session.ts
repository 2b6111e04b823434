import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { isOpenSession } from "@/lib/access/sessions/session-limits";
import { AppError } from "@/lib/core/errors";
import { sessions } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/** Ends one session of the actor's, wherever it is. Somebody else's session is not found; an ended one stays so. */
export const endOwnSession = command({
  permission: "session:end",
  input: z.object({ sessionId: z.uuid() }),
  audits: ["session.ended"],
  run: async ({ tx, actor, input: { sessionId } }) => {
    if (actor.type !== "user") throw new AppError("forbidden", "only users have sessions");
    const isOwn = and(eq(sessions.id, sessionId), eq(sessions.userId, actor.userId));
    const [known] = await tx.select({ id: sessions.id }).from(sessions).where(isOwn);
    if (!known) throw new AppError("not_found", "session");
    const ended = await tx
      .update(sessions)
      .set({ endedAt: transactionNow })
      .where(and(isOwn, isOpenSession()))
      .returning({ id: sessions.id });
    const result = { sessionId };
    if (ended.length === 0) return { result, unchanged: true as const };
    const target = { type: "user", id: actor.userId };
    return { result, audits: [auditEvent("session.ended", { target, details: { sessionId } })] };
  },
});
