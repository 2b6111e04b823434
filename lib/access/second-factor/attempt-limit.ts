import { eq, sql } from "drizzle-orm";
import { mailAboutFactors } from "@/lib/access/second-factor/factor-mail";
import type { Transaction } from "@/lib/db/client";
import { secondFactorAttempts } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

const freeFailures = 3;

/** At most some 40 guesses a day: one of 8,000 attackers who know the password finds a code in a day. */
const longestSeconds = 60 * 60;

/** Wrong codes in a row between two mails to the person. */
const warnEvery = 10;

const forgottenAfter = sql`interval '24 hours'`;

/**
 * Begins an attempt of a person, and locks their row, so that parallel guesses are serialised.
 * @returns seconds to wait; 0 if the attempt may proceed.
 */
export async function beginFactorAttempt(tx: Transaction, userId: string): Promise<number> {
  const { failures, lastFailureAt, lockedUntil } = secondFactorAttempts;
  const [row] = await tx
    .insert(secondFactorAttempts)
    .values({ userId, lastFailureAt: sql`now()` })
    .onConflictDoUpdate({
      target: secondFactorAttempts.userId,
      set: { failures: sql`case when ${lastFailureAt} < now() - ${forgottenAfter} then 0 else ${failures} end` },
    })
    .returning({ wait: sql<number>`greatest(0, ceil(extract(epoch from ${lockedUntil} - clock_timestamp())))::int` });
  return row?.wait ?? 0;
}

/**
 * Counts a wrong code: three are free, then the wait is 2, 4, 8 … seconds, up to an hour. With the first wait, and with
 * every tenth wrong code in a row, the person gets a mail.
 */
export async function countWrongFactor(tx: Transaction, userId: string): Promise<void> {
  const failures = sql`${secondFactorAttempts.failures} + 1`;
  const seconds = sql`least(${longestSeconds}, power(2, least(${failures} - ${freeFailures}, 20)))`;
  const [row] = await tx
    .update(secondFactorAttempts)
    .set({
      failures,
      lastFailureAt: transactionNow,
      lockedUntil: sql`case when ${failures} > ${freeFailures}
        then ${transactionNow} + make_interval(secs => ${seconds}) end`,
    })
    .where(eq(secondFactorAttempts.userId, userId))
    .returning({ count: secondFactorAttempts.failures });
  const count = row?.count ?? 0;
  if (count === freeFailures + 1 || (count > 0 && count % warnEvery === 0))
    await mailAboutFactors(tx, userId, "second_factor_guessed");
}

/** Forgets a person's wrong codes. */
export async function forgetWrongFactors(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(secondFactorAttempts).where(eq(secondFactorAttempts.userId, userId));
}
