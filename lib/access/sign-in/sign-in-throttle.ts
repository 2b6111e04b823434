import { eq, inArray, sql } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { Transaction } from "@/lib/db/client";
import { signInThrottles } from "@/lib/db/schema";

const freeFailures = 3;

const longestSeconds = 15 * 60;

/** An address may belong to a whole office: it is given this many times the failures of one account. */
const addressAllowance = 10;

const forgottenAfter = sql`interval '24 hours'`;

export type ThrottleKey = { digest: Buffer; allowance: number };

/** The account name as typed, and the address where a trusted proxy tells it; both as keyed digests. */
export function throttleKeys(email: string, ipAddress: string | null): ThrottleKey[] {
  const account = { digest: blindIndex("sign_in_account", email), allowance: 1 };
  return ipAddress === null
    ? [account]
    : [account, { digest: blindIndex("sign_in_address", ipAddress), allowance: addressAllowance }];
}

/**
 * Counts an attempt before the password is looked at and locks its rows, so that parallel guesses take turns.
 * @returns seconds still to wait; 0 when the attempt may go on.
 */
export async function countAttempt(tx: Transaction, keys: ThrottleKey[]): Promise<number> {
  let wait = 0;
  for (const key of keys) {
    const [row] = await tx
      .insert(signInThrottles)
      .values({ keyDigest: key.digest, failures: 0, lastFailureAt: sql`now()` })
      .onConflictDoUpdate({
        target: signInThrottles.keyDigest,
        set: {
          failures: sql`case when ${signInThrottles.lastFailureAt} < now() - ${forgottenAfter} then 0 else ${signInThrottles.failures} end`,
        },
      })
      .returning({
        wait: sql<number>`greatest(0, ceil(extract(epoch from ${signInThrottles.lockedUntil} - now())))::int`,
      });
    wait = Math.max(wait, row?.wait ?? 0);
  }
  return wait;
}

/** Records a failure on every key and locks for as long as the count asks. */
export async function recordFailure(tx: Transaction, keys: ThrottleKey[]): Promise<void> {
  for (const key of keys) {
    const [row] = await tx
      .update(signInThrottles)
      .set({ failures: sql`${signInThrottles.failures} + 1`, lastFailureAt: sql`now()` })
      .where(eq(signInThrottles.keyDigest, key.digest))
      .returning({ failures: signInThrottles.failures });
    const delay = signInDelaySeconds(Math.floor((row?.failures ?? 0) / key.allowance));
    if (delay > 0) {
      const lockedUntil = sql`date_trunc('milliseconds', now()) + make_interval(secs => ${delay})`;
      await tx.update(signInThrottles).set({ lockedUntil }).where(eq(signInThrottles.keyDigest, key.digest));
    }
  }
}

/**
 * A right password clears the account's count; the address keeps its own, or one good account would cover many guesses.
 * What is forgotten anyhow goes with it: names that nobody has would otherwise fill the table.
 */
export async function clearFailures(tx: Transaction, keys: ThrottleKey[]): Promise<void> {
  const accounts = keys.filter((key) => key.allowance === 1).map((key) => key.digest);
  await tx.delete(signInThrottles).where(inArray(signInThrottles.keyDigest, accounts));
  const { keyDigest, lastFailureAt } = signInThrottles;
  const forgotten = tx
    .select({ keyDigest })
    .from(signInThrottles)
    .where(sql`${lastFailureAt} < now() - ${forgottenAfter}`)
    .limit(10_000)
    .for("update", { skipLocked: true });
  await tx.delete(signInThrottles).where(inArray(keyDigest, forgotten));
}

/**
 * Seconds to wait after the nth failed sign-in in a row: nothing for the first three, then 2, 4, 8 … up to 15 minutes.
 * Alike for accounts that exist and those that do not.
 */
export function signInDelaySeconds(failures: number): number {
  return failures <= freeFailures ? 0 : Math.min(longestSeconds, 2 ** Math.min(failures - freeFailures, 20));
}
