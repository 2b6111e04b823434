import { isIPv6 } from "node:net";
import { inArray, sql } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestLimits, subjectRequestWorkProofs } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";

export type PublicLimit = { name: string; most: number; hours: number };

/**
 * What the public form takes. Without a proof of work (no JavaScript, or an old browser) it takes little: a person
 * sends one request, a program sends thousands. A mobile operator's customers share addresses.
 */
export const formLimits = {
  proved: {
    address: { name: "form of an address", most: 20, hours: 1 },
    installation: { name: "forms", most: 500, hours: 1 },
  },
  unproved: {
    address: { name: "form of an address without proof", most: 3, hours: 24 },
    installation: { name: "forms without proof", most: 50, hours: 1 },
  },
} as const satisfies Record<string, Record<"address" | "installation", PublicLimit>>;

/** Acknowledgements to one e-mail address, which anyone can name. */
export const acknowledgementLimit: PublicLimit = { name: "acknowledgement", most: 3, hours: 24 };

/**
 * The network of a client: an address of IPv4, the first 64 bits of one of IPv6, of which one line has them all. Null
 * if no trusted proxy says it.
 */
export function clientNetwork(ipAddress: string | null): string | null {
  if (ipAddress === null || !isIPv6(ipAddress)) return ipAddress;
  const [head = "", tail = ""] = ipAddress.toLowerCase().replace(/%.*$/, "").split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const [first, last] = [groups(head), groups(tail)];
  const zeros = ipAddress.includes("::") ? Array<string>(Math.max(0, 8 - first.length - last.length)).fill("0") : [];
  return [...first, ...zeros, ...last]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** Under which a limit is counted. */
export const limitKey = ({ name }: Pick<PublicLimit, "name">, value = ""): Buffer =>
  blindIndex("subject_request_limit", `${name}\0${value}`);

/**
 * Takes one of a limit. Its row is locked until `tx` ends; a refusal takes nothing.
 * @param value what is limited, normalised; kept as a keyed digest only.
 * @returns seconds to wait; 0 if it was taken.
 */
export async function takeLimit(tx: Transaction, { name, most, hours }: PublicLimit, value = ""): Promise<number> {
  const { keyDigest, taken, windowEndsAt } = subjectRequestLimits;
  const ends = sql`${databaseNow} + make_interval(hours => ${hours})`;
  const isOver = sql`${windowEndsAt} <= ${databaseNow}`;
  const [row] = await tx
    .insert(subjectRequestLimits)
    .values({ keyDigest: limitKey({ name }, value), taken: 1, windowEndsAt: ends })
    .onConflictDoUpdate({
      target: keyDigest,
      set: {
        taken: sql`case when ${isOver} then 1 else least(${taken} + 1, ${most + 1}) end`,
        windowEndsAt: sql`case when ${isOver} then ${ends} else ${windowEndsAt} end`,
      },
    })
    .returning({ taken, wait: sql<number>`greatest(1, ceil(extract(epoch from ${windowEndsAt} - now())))::int` });
  return row!.taken > most ? row!.wait : 0;
}

/** @throws AppError `too_many_requests` if the limit is used up: the transaction is rolled back, and takes nothing. */
export async function requireLimit(tx: Transaction, limit: PublicLimit, value?: string): Promise<void> {
  const retryAfterSeconds = await takeLimit(tx, limit, value);
  if (retryAfterSeconds > 0) throw new AppError("too_many_requests", `limit: ${limit.name}`, { retryAfterSeconds });
}

const mostForgotten = 100;

/** Deletes some rows that are over, so that neither table grows with every visitor. Nothing waits for a lock. */
export async function forgetOldLimits(tx: Transaction): Promise<void> {
  const { keyDigest, windowEndsAt } = subjectRequestLimits;
  const over = tx
    .select({ keyDigest })
    .from(subjectRequestLimits)
    .where(sql`${windowEndsAt} <= now()`)
    .limit(mostForgotten)
    .for("update", { skipLocked: true });
  await tx.delete(subjectRequestLimits).where(inArray(keyDigest, over));
  const { challengeDigest, expiresAt } = subjectRequestWorkProofs;
  const expired = tx
    .select({ challengeDigest })
    .from(subjectRequestWorkProofs)
    .where(sql`${expiresAt} <= now()`)
    .limit(mostForgotten)
    .for("update", { skipLocked: true });
  await tx.delete(subjectRequestWorkProofs).where(inArray(challengeDigest, expired));
}
