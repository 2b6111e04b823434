import { randomInt } from "node:crypto";
import { and, count, desc, eq, gt, isNotNull, isNull, max, sql } from "drizzle-orm";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { subjectRequestCodes } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import type { MessageChannel } from "@/lib/notifications/templates/message-templates";
import type { CodeAddress } from "@/lib/subject-requests/public-page/code-addresses";

export const codeLifeMinutes = 10;

const triesOfCode = 5;

/** Seconds to wait after the first, second … code of a day to one address, or of one request. */
const pauses = [60, 5 * 60, 15 * 60, 60 * 60];

const mostPerDay = 8;

/**
 * Seconds to wait before the next code. With five tries a code, somebody who guesses has at most 40 of a million a day.
 * @param sent codes of the last 24 hours.
 * @param seconds since the last of them, and since the first.
 */
export function codePause(sent: number, { sinceLast, sinceFirst }: { sinceLast: number; sinceFirst: number }): number {
  if (sent === 0) return 0;
  if (sent >= mostPerDay) return Math.max(1, Math.ceil(24 * 3600 - sinceFirst));
  return Math.max(0, Math.ceil((pauses[sent - 1] ?? pauses.at(-1)!) - sinceLast));
}

const addressDigest = (address: string) => blindIndex("subject_request_address", address);

const codeDigest = (codeId: string, code: string) => blindIndex("subject_request_code", `${codeId}\0${code}`);

/**
 * Waits for others that send to the same address, then checks the pause.
 * @throws AppError `too_many_requests` with `retryAfterSeconds`.
 */
export async function requirePause(tx: Transaction, requestId: string, { address }: CodeAddress): Promise<void> {
  const digest = addressDigest(address);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia code'), hashtext(${digest.toString("hex")}))`);
  const { requestId: ofRequest, addressDigest: toAddress, createdAt } = subjectRequestCodes;
  const since = (time: unknown) => sql<number>`coalesce(extract(epoch from ${databaseNow} - ${time}), 0)::float8`;
  // A request with several lines counts all its codes, a line with several requests too.
  for (const condition of [eq(ofRequest, requestId), eq(toAddress, digest)]) {
    const [sent] = await tx
      .select({ count: count(), sinceLast: since(max(createdAt)), sinceFirst: since(sql`min(${createdAt})`) })
      .from(subjectRequestCodes)
      .where(and(condition, gt(createdAt, sql`${databaseNow} - interval '24 hours'`)));
    const retryAfterSeconds = codePause(sent!.count, sent!);
    if (retryAfterSeconds > 0) throw new AppError("too_many_requests", "another code too soon", { retryAfterSeconds });
  }
}

/** Makes a code for an address, which replaces those that this address has of the request. */
export async function insertCode(
  tx: Transaction,
  requestId: string,
  { target, address, channel }: CodeAddress & { channel: MessageChannel },
): Promise<{ codeId: string; code: string }> {
  await tx
    .update(subjectRequestCodes)
    .set({ triesLeft: 0 })
    .where(and(isOf(requestId, target), isNull(subjectRequestCodes.provedAt)));
  const codeId = newId();
  const code = String(randomInt(1_000_000)).padStart(6, "0");
  await tx.insert(subjectRequestCodes).values({
    ...{ id: codeId, requestId, channel, triesLeft: triesOfCode },
    identifierId: target === "answer" ? null : target,
    addressDigest: addressDigest(address),
    codeDigest: codeDigest(codeId, code),
    expiresAt: sql`${databaseNow} + make_interval(mins => ${codeLifeMinutes})`,
  });
  return { codeId, code };
}

const isOf = (requestId: string, target: string) => {
  const { requestId: ofRequest, identifierId } = subjectRequestCodes;
  return and(eq(ofRequest, requestId), target === "answer" ? isNull(identifierId) : eq(identifierId, target));
};

/**
 * Takes one try of the last code that went to an address, and compares. `none`: it is over, used, or was never sent.
 * The row is locked, so that guesses at once take a try each.
 */
export async function tryCode(
  tx: Transaction,
  { requestId, target, code }: { requestId: string; target: string; code: string },
): Promise<{ outcome: "right" | "wrong"; channel: MessageChannel } | { outcome: "none" }> {
  const { id, createdAt, triesLeft, expiresAt, provedAt } = subjectRequestCodes;
  const isLive = and(gt(triesLeft, 0), gt(expiresAt, databaseNow), isNull(provedAt));
  const last = tx
    .select({ id })
    .from(subjectRequestCodes)
    .where(isOf(requestId, target))
    .orderBy(desc(createdAt), desc(id))
    .limit(1);
  const [tried] = await tx
    .update(subjectRequestCodes)
    .set({ triesLeft: sql`${triesLeft} - 1` })
    .where(and(eq(id, last), isLive))
    .returning({ id, channel: subjectRequestCodes.channel, digest: subjectRequestCodes.codeDigest });
  if (!tried) return { outcome: "none" };
  const { channel } = tried;
  // Digests with a key: how long the comparison takes says nothing of the code.
  if (!tried.digest.equals(codeDigest(tried.id, code))) return { outcome: "wrong", channel };
  await tx.update(subjectRequestCodes).set({ provedAt: databaseNow }).where(eq(id, tried.id));
  return { outcome: "right", channel };
}

/** The addresses of a request that their owner has proved. */
export async function provedAddresses(db: ReadDatabase, requestId: string): Promise<Set<string>> {
  const { identifierId, provedAt, requestId: ofRequest } = subjectRequestCodes;
  const rows = await db
    .selectDistinct({ identifierId })
    .from(subjectRequestCodes)
    .where(and(eq(ofRequest, requestId), isNotNull(provedAt)));
  return new Set(rows.map((row) => row.identifierId ?? "answer"));
}
