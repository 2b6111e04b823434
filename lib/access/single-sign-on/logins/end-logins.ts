import { and, inArray, isNull, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { sessions, ssoLogins } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";

/**
 * Ends the open sign-ins at the provider that a condition on `sso_logins` names, erases their tokens, and ends the
 * sessions that depend on them. A ticket of such a sign-in starts no session any more.
 * @returns the number of sessions ended.
 */
export async function endLogins(tx: Transaction, which: SQL): Promise<number> {
  const ended = await tx
    .update(ssoLogins)
    .set({ endedAt: databaseNow, tokens: null })
    .where(and(which, isNull(ssoLogins.endedAt)))
    .returning({ id: ssoLogins.id });
  if (ended.length === 0) return 0;
  const ids = ended.map(({ id }) => id);
  const closed = await tx
    .update(sessions)
    .set({ endedAt: databaseNow })
    .where(and(inArray(sessions.ssoLoginId, ids), isNull(sessions.endedAt)))
    .returning({ id: sessions.id });
  return closed.length;
}
