import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, isNull, lt, sql } from "drizzle-orm";
import type { ProvedSignIn } from "@/lib/access/sign-in/sign-in-ticket";
import { pick } from "@/lib/core/pick";
import type { Transaction } from "@/lib/db/client";
import { signInChallenges } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

const challengeSeconds = 5 * 60;

const digestOf = (token: string) => createHash("sha256").update(token).digest();

/**
 * Remembers that a person proved the first step. Also deletes challenges that expired an hour ago.
 * @returns the token for the second step, 32 random bytes in base64url, valid for five minutes.
 */
export async function issueSignInChallenge(tx: Transaction, proved: ProvedSignIn): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await tx.delete(signInChallenges).where(lt(signInChallenges.expiresAt, sql`now() - interval '1 hour'`));
  await tx.insert(signInChallenges).values({
    tokenDigest: digestOf(token),
    ...proved,
    expiresAt: sql`${transactionNow} + make_interval(secs => ${challengeSeconds})`,
  });
  return token;
}

const isOpen = (token: string) =>
  and(
    eq(signInChallenges.tokenDigest, digestOf(token)),
    isNull(signInChallenges.usedAt),
    gt(signInChallenges.expiresAt, sql`now()`),
  );

const columns = pick(signInChallenges, "userId", "methods", "ssoLoginId");

/** Whose sign-in waits for its second step; locks the row. Null if the token is unknown, expired or used. */
export async function findSignInChallenge(tx: Transaction, token: string): Promise<ProvedSignIn | null> {
  const [found] = await tx.select(columns).from(signInChallenges).where(isOpen(token)).for("update");
  return found ?? null;
}

/** Ends a sign-in's wait. */
export async function closeSignInChallenge(tx: Transaction, token: string): Promise<void> {
  await tx
    .update(signInChallenges)
    .set({ usedAt: transactionNow })
    .where(eq(signInChallenges.tokenDigest, digestOf(token)));
}
