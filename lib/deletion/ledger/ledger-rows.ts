import { desc, sql } from "drizzle-orm";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { ledgerHash, parseLedgerBody, signedLedgerBody, type Erasure } from "@/lib/deletion/ledger/ledger-entry";

/** Key of the advisory lock under which entries are numbered without gaps. Arbitrary, the same in all processes. */
const ledgerLock = 7_241_130_513;

/** Waits for its turn at the end of the ledger; held until `tx` ends. */
export async function lockLedger(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ledgerLock})`);
}

/** The last entry that the database knows, and the hash that the next one names. Sequence 0: none yet. */
export async function ledgerHead(db: ReadDatabase): Promise<{ sequence: number; hash: string }> {
  const [last] = await db
    .select({ sequence: erasureLedger.sequence, body: erasureLedger.body })
    .from(erasureLedger)
    .orderBy(desc(erasureLedger.sequence))
    .limit(1);
  if (!last) return { sequence: 0, hash: ledgerHash(undefined) };
  const parsed = parseLedgerBody(last.body);
  if (!parsed) throw new Error(`entry ${last.sequence} of the erasure ledger cannot be read`);
  return { sequence: last.sequence, hash: ledgerHash(parsed.entry) };
}

/** Appends one entry in the transaction that made these recordings `deleted`. Answers its number. */
export async function appendLedgerEntry(
  tx: Transaction,
  erasures: readonly Erasure[],
  deletedAt: Date,
): Promise<number> {
  await lockLedger(tx);
  const head = await ledgerHead(tx);
  const sequence = head.sequence + 1;
  const content = { sequence, previousHash: head.hash, deletedAt: deletedAt.toISOString(), erasures: [...erasures] };
  await tx.insert(erasureLedger).values({ sequence, body: signedLedgerBody(content, currentSigningKey()) });
  return sequence;
}
