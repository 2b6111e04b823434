import { and, inArray, isNotNull, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { passkeyChallenges, sessions } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const batch = 1000;

/**
 * Erases the addresses of sign-ins of more than six months ago, which is how long records of access are kept (Lei
 * 12.965/2014, Art. 15), and deletes expired challenges of passkeys. Returns how many addresses, at most 1,000.
 */
export const emptyOldSessions = command({
  permission: "account:maintain",
  input: z.object({}),
  audits: ["session.addresses_emptied"],
  run: async ({ tx }) => {
    await deleteExpiredChallenges(tx);
    const isOld = sql`${sessions.createdAt} < ${databaseNow} - interval '6 months'`;
    const old = tx
      .select({ id: sessions.id })
      .from(sessions)
      .where(and(isOld, isNotNull(sessions.addressEncrypted)))
      .limit(batch)
      .for("update", { skipLocked: true });
    const emptied = await tx
      .update(sessions)
      .set({ addressEncrypted: null })
      .where(inArray(sessions.id, old))
      .returning({ id: sessions.id });
    const result = { emptied: emptied.length };
    if (emptied.length === 0) return { result, unchanged: true as const };
    return { result, audits: [auditEvent("session.addresses_emptied", { details: { sessions: emptied.length } })] };
  },
});

/** Used or not: an expired challenge is refused like an unknown one. */
async function deleteExpiredChallenges(tx: Transaction): Promise<void> {
  const { challengeDigest, expiresAt } = passkeyChallenges;
  const expired = tx
    .select({ challengeDigest })
    .from(passkeyChallenges)
    .where(lt(expiresAt, databaseNow))
    .limit(100 * batch)
    .for("update", { skipLocked: true });
  await tx.delete(passkeyChallenges).where(inArray(challengeDigest, expired));
}
