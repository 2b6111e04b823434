import { desc } from "drizzle-orm";
import { ledgerHash, parseLedgerBody } from "@/lib/deletion/ledger/ledger-entry";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";

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
