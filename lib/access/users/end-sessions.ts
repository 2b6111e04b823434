import { and, eq, gt, isNull, ne, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { sessions } from "@/lib/db/schema";

/** Ends a user's open sessions, `except` the one that asks for it where given. They stop at their next request. Returns how many were open. */
export async function endSessions(
  tx: Transaction,
  userId: string,
  { except }: { except?: string } = {},
): Promise<number> {
  const others = except === undefined ? undefined : ne(sessions.id, except);
  const ended = await tx
    .update(sessions)
    .set({ endedAt: sql`date_trunc('milliseconds', clock_timestamp())` })
    .where(and(eq(sessions.userId, userId), isNull(sessions.endedAt), gt(sessions.expiresAt, sql`now()`), others))
    .returning({ id: sessions.id });
  return ended.length;
}
