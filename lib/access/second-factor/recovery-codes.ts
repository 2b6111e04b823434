import { createHash, randomInt } from "node:crypto";
import { and, eq, isNull } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recoveryCodes } from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { newId } from "@/lib/core/new-id";

const codeCount = 10;

/**
 * Without characters that are easily confused: 0 o 1 l i. 24 of 31 make 118 random bits: from 112 on a plain digest
 * is enough (ASVS 5.0, 6.5.2).
 */
const alphabet = "abcdefghjkmnpqrstuvwxyz23456789";

function newCode(): string {
  const group = () => Array.from({ length: 4 }, () => alphabet[randomInt(alphabet.length)]).join("");
  return Array.from({ length: 6 }, group).join("-");
}

/** As typed: capitals, spaces and missing hyphens are fine. */
const digestOf = (code: string) =>
  createHash("sha256")
    .update(code.toLowerCase().replace(/[^a-z0-9]/g, ""))
    .digest();

/** Replaces a person's recovery codes. @returns ten codes, "k7mp-x2wq-r9tc-hv4n-d3ys-a6uf", to be shown once. */
export async function makeRecoveryCodes(tx: Transaction, userId: string): Promise<string[]> {
  const codes = Array.from({ length: codeCount }, newCode);
  await tx.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId));
  await tx.insert(recoveryCodes).values(codes.map((code) => ({ id: newId(), userId, codeDigest: digestOf(code) })));
  return codes;
}

/** How many recovery codes a person has left. */
export const recoveryCodesLeft = (db: Pick<Transaction, "$count">, userId: string): Promise<number> =>
  db.$count(recoveryCodes, and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)));

/** Uses a recovery code up: of parallel uses one succeeds. */
export async function takeRecoveryCode(tx: Transaction, userId: string, code: string): Promise<boolean> {
  const taken = await tx
    .update(recoveryCodes)
    .set({ usedAt: transactionNow })
    .where(
      and(eq(recoveryCodes.userId, userId), eq(recoveryCodes.codeDigest, digestOf(code)), isNull(recoveryCodes.usedAt)),
    )
    .returning({ id: recoveryCodes.id });
  return taken.length === 1;
}
