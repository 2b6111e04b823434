import { sql } from "drizzle-orm";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import type { Transaction } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { signedLedgerBody, type Erasure } from "@/lib/deletion/ledger/ledger-entry";
import { ledgerHead } from "@/lib/deletion/ledger/ledger-head";

/** Any number, the same in all processes: entries are numbered one transaction after the other, so that no number is left out. */
const ledgerLock = 7_241_130_513;

/** Waits for its turn at the end of the ledger; held until `tx` ends. */
export async function lockLedger(tx: Transaction): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ledgerLock})`);
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
