import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { knownDevices, users } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { newId } from "@/lib/core/new-id";

/** A browser is known for 90 days after its last sign-in. */
export const knownDeviceDays = 90;

const untilForgotten = sql`${transactionNow} + make_interval(days => ${knownDeviceDays})`;

const digestOf = (token: string) => createHash("sha256").update(token).digest();

const isToken = (token: string | null | undefined): token is string => /^[\w-]{43}$/.test(token ?? "");

/**
 * The device of this cookie, if the person with this e-mail has signed in there. Does the same work for unknown people.
 * @param token the cookie; anything may be in it.
 */
export async function findKnownDevice(
  tx: Transaction,
  email: string,
  token: string | null | undefined,
): Promise<string | null> {
  if (!isToken(token)) return null;
  const [device] = await tx
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .innerJoin(users, eq(users.id, knownDevices.userId))
    .where(
      and(
        eq(knownDevices.tokenDigest, digestOf(token)),
        gt(knownDevices.expiresAt, sql`now()`),
        eq(sql`lower(${users.email})`, email),
      ),
    );
  return device?.id ?? null;
}

/**
 * Remembers the browser of somebody who has just proved who they are, under a new token: the old one ends.
 * @returns the token for the cookie, the device, and whether the person is new on it.
 */
export async function rememberDevice(tx: Transaction, userId: string, token: string | null | undefined) {
  const [newToken, id] = [randomBytes(32).toString("base64url"), newId()];
  const tokenDigest = digestOf(newToken);
  await forgetExpired(tx);
  if (isToken(token))
    await tx
      .update(knownDevices)
      .set({ tokenDigest })
      .where(and(eq(knownDevices.tokenDigest, digestOf(token)), gt(knownDevices.expiresAt, sql`now()`)));
  const [device] = await tx
    .insert(knownDevices)
    .values({ id, userId, tokenDigest, expiresAt: untilForgotten })
    .onConflictDoUpdate({
      target: [knownDevices.tokenDigest, knownDevices.userId],
      set: { lastUsedAt: transactionNow, expiresAt: untilForgotten },
    })
    .returning({ id: knownDevices.id });
  return { token: newToken, deviceId: device!.id, isNew: device!.id === id };
}

async function forgetExpired(tx: Transaction): Promise<void> {
  const expired = tx
    .select({ id: knownDevices.id })
    .from(knownDevices)
    .where(lt(knownDevices.expiresAt, sql`now()`))
    .limit(1000)
    .for("update", { skipLocked: true });
  await tx.delete(knownDevices).where(inArray(knownDevices.id, expired));
}

/** Forgets the browsers of a person: after a new password, each has to prove itself again. */
export async function forgetDevices(tx: Transaction, userId: string): Promise<void> {
  await tx.delete(knownDevices).where(eq(knownDevices.userId, userId));
}
