import { eq, inArray, sql } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import type { Transaction } from "@/lib/db/client";
import { signInThrottles } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

const freeFailures = 3;

const longestSeconds = 15 * 60;

/** A whole office can share an address: it may have this many times the failures of one account. */
const addressAllowance = 10;

const forgottenAfter = sql`interval '24 hours'`;

export type ThrottleKey = { digest: Buffer; allowance: number };

/**
 * Whose failures count. A device that the person has signed in from has a budget of its own, so that strangers cannot
 * lock the person out. All other attempts share the budget of the account name as typed, and that of the client's
 * address if a trusted proxy gives it; without one there is no budget of addresses.
 * @param deviceId a known device of this person, or their session where the device is not known.
 */
export function throttleKeys(email: string, ipAddress: string | null, deviceId: string | null = null): ThrottleKey[] {
  if (deviceId !== null) return [{ digest: blindIndex("sign_in_device", deviceId), allowance: 1 }];
  const account = { digest: blindIndex("sign_in_account", email), allowance: 1 };
  return ipAddress === null
    ? [account]
    : [account, { digest: blindIndex("sign_in_address", ipAddress), allowance: addressAllowance }];
}

/**
 * Counts an attempt before the password is checked, and locks its rows, so that parallel guesses are serialised.
 * @returns seconds to wait; 0 if the attempt may proceed.
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
          failures: sql`case when ${signInThrottles.lastFailureAt} < now() - ${forgottenAfter} then 0
            else ${signInThrottles.failures} end`,
        },
      })
      .returning({
        wait: sql<number>`greatest(0, ceil(extract(epoch from ${signInThrottles.lockedUntil} - now())))::int`,
      });
    wait = Math.max(wait, row?.wait ?? 0);
  }
  return wait;
}

/**
 * Records a failure on every key, and locks each key for the delay that its count requires.
 * @returns how many failures in a row the first key (the device's or the account's) has now.
 */
export async function recordFailure(tx: Transaction, keys: ThrottleKey[]): Promise<number> {
  const counts: number[] = [];
  for (const key of keys) {
    const [row] = await tx
      .update(signInThrottles)
      .set({ failures: sql`${signInThrottles.failures} + 1`, lastFailureAt: sql`now()` })
      .where(eq(signInThrottles.keyDigest, key.digest))
      .returning({ failures: signInThrottles.failures });
    counts.push(row?.failures ?? 0);
    const delay = signInDelaySeconds(Math.floor((row?.failures ?? 0) / key.allowance));
    if (delay > 0) {
      const lockedUntil = sql`${transactionNow} + make_interval(secs => ${delay})`;
      await tx.update(signInThrottles).set({ lockedUntil }).where(eq(signInThrottles.keyDigest, key.digest));
    }
  }
  return counts[0] ?? 0;
}

/**
 * Resets the count of the account or the device after a correct password. The address keeps its count: otherwise one
 * valid account would hide many guesses. Also deletes expired rows, so that unknown names do not fill the table.
 */
export async function clearFailures(tx: Transaction, keys: ThrottleKey[]): Promise<void> {
  const own = keys.filter((key) => key.allowance === 1).map((key) => key.digest);
  await tx.delete(signInThrottles).where(inArray(signInThrottles.keyDigest, own));
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
 * Takes one of `most` uses that a key has in each period, counted from its first use.
 * @returns seconds until the next use; 0 if this one was granted.
 */
export async function takeUse(
  tx: Transaction,
  keyDigest: Buffer,
  { most, seconds }: { most: number; seconds: number },
): Promise<number> {
  const { failures, lastFailureAt } = signInThrottles;
  const isOver = sql`${lastFailureAt} < now() - make_interval(secs => ${seconds})`;
  const [row] = await tx
    .insert(signInThrottles)
    .values({ keyDigest, failures: 1, lastFailureAt: sql`now()` })
    .onConflictDoUpdate({
      target: signInThrottles.keyDigest,
      set: {
        failures: sql`case when ${isOver} then 1 else ${failures} + 1 end`,
        lastFailureAt: sql`case when ${isOver} then now() else ${lastFailureAt} end`,
      },
    })
    .returning({
      failures,
      wait: sql<number>`greatest(1, ceil(extract(epoch from ${lastFailureAt} - now()) + ${seconds}))::int`,
    });
  return row!.failures > most ? row!.wait : 0;
}

/**
 * Seconds to wait after the nth failed sign-in in a row: none for the first three, then 2, 4, 8 … up to 15 minutes.
 * The same for existing and unknown accounts.
 */
export function signInDelaySeconds(failures: number): number {
  return failures <= freeFailures ? 0 : Math.min(longestSeconds, 2 ** Math.min(failures - freeFailures, 20));
}
