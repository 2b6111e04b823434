import { and, eq, ne } from "drizzle-orm";
import { isOpenSession } from "@/lib/access/sessions/session-limits";
import type { Transaction } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";

/**
 * Ends a user's open sessions, except the session `except` if given. They stop working at their next request.
 * Returns the number of sessions ended.
 */
export async function endSessions(
  tx: Transaction,
  userId: string,
  { except }: { except?: string } = {},
): Promise<number> {
  const others = except === undefined ? undefined : ne(sessions.id, except);
  const ended = await tx
    .update(sessions)
    .set({ endedAt: databaseNow })
    .where(and(eq(sessions.userId, userId), isOpenSession(), others))
    .returning({ id: sessions.id });
  return ended.length;
}
