import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, isNull, sql } from "drizzle-orm";
import { takeUse } from "@/lib/access/sign-in/sign-in-throttle";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { passkeyChallenges } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";

/** As long as the second step of a sign-in may take. */
export const passkeyChallengeSeconds = 5 * 60;

const perPerson = { most: 30, seconds: 300 };

/** A whole office can share an address. */
const perAddress = { most: 200, seconds: 300 };

export type PasskeyPurpose = {
  use: (typeof passkeyChallenges.$inferSelect)["use"];
  /** Null for a sign-in with a passkey alone: whose it is, the passkey says. */
  userId: string | null;
  /** The session, or the token of the second step, that alone may answer; "" for a sign-in with a passkey alone. */
  boundTo: string;
};

/** The digest covers what the challenge is for: elsewhere it is unknown. */
const digestOf = (challenge: string, { use, userId, boundTo }: PasskeyPurpose) =>
  createHash("sha256")
    .update([use, userId ?? "", boundTo, challenge].join("\n"))
    .digest();

/**
 * Makes a challenge for one purpose, valid once and for five minutes. Limited for each person, for strangers for each
 * address that a trusted proxy gives.
 * @returns 32 random bytes.
 * @throws AppError `too_many_requests` with `retryAfterSeconds`.
 */
export async function issuePasskeyChallenge(tx: Transaction, purpose: PasskeyPurpose, ipAddress: string | null) {
  const { use, userId } = purpose;
  const key = userId ?? ipAddress;
  const wait = key
    ? await takeUse(tx, blindIndex("passkey_challenge", key), userId === null ? perAddress : perPerson)
    : 0;
  if (wait > 0) throw new AppError("too_many_requests", "challenges of passkeys", { retryAfterSeconds: wait });
  const challenge = randomBytes(32);
  await tx.insert(passkeyChallenges).values({
    challengeDigest: digestOf(challenge.toString("base64url"), purpose),
    ...{ use, userId },
    expiresAt: sql`${transactionNow} + make_interval(secs => ${passkeyChallengeSeconds})`,
  });
  return new Uint8Array(challenge);
}

/** Uses a challenge (base64url) up: of parallel uses one succeeds. False if it is unknown, expired or used. */
export async function takePasskeyChallenge(
  tx: Transaction,
  challenge: string,
  purpose: PasskeyPurpose,
): Promise<boolean> {
  const { challengeDigest, usedAt, expiresAt } = passkeyChallenges;
  const isOpen = and(
    eq(challengeDigest, digestOf(challenge, purpose)),
    isNull(usedAt),
    gt(expiresAt, sql`clock_timestamp()`),
  );
  const taken = await tx
    .update(passkeyChallenges)
    .set({ usedAt: transactionNow })
    .where(isOpen)
    .returning({ use: passkeyChallenges.use });
  return taken.length === 1;
}
