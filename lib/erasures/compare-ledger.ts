import { and, asc, isNull, lt, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { ledgerKey, ledgerPrefix, parseLedgerKey } from "@/lib/erasures/ledger-entry";
import { ledgerHead } from "@/lib/erasures/ledger-head";
import { readStoredText } from "@/lib/erasures/read-stored-text";
import type { ObjectStore } from "@/lib/storage/object-store";

/**
 * `ahead`: the store knows erasures that this database does not, so the database was restored from before them. `conflict`: the
 * store has another entry under a number of ours.
 */
export type LedgerState = { state: "in_step" | "ahead" | "conflict"; databaseHead: number };

/**
 * Compares the ledger in the store with that of the database.
 * @param thorough lists the whole ledger, so that a gap in it hides nothing; else one look for the number after our last one.
 * @throws StoreError when the store does not answer.
 */
export async function compareLedger(store: ObjectStore, db: ReadDatabase, { thorough }: { thorough: boolean }): Promise<LedgerState> {
  for (;;) {
    const { sequence: databaseHead } = await ledgerHead(db);
    const isAhead = thorough ? (await lastStored(store)) > databaseHead : (await store.head(ledgerKey(databaseHead + 1))) !== null;
    if (isAhead) {
      // Another process may have appended and written it since we looked.
      if ((await ledgerHead(db)).sequence > databaseHead) continue;
      return { state: "ahead", databaseHead };
    }
    return { state: (await hasConflict(store, db)) ? "conflict" : "in_step", databaseHead };
  }
}

/** The highest number in the store; the order of a listing is the store's own. */
export async function lastStored(store: ObjectStore): Promise<number> {
  let last = 0;
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: ledgerPrefix, cursor, limit: 1000 });
    for (const { key } of page.objects) last = Math.max(last, parseLedgerKey(key) ?? 0);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return last;
}

/** Only an entry that has long waited to be written is worth a look. */
async function hasConflict(store: ObjectStore, db: ReadDatabase): Promise<boolean> {
  const { sequence, body, writtenAt, createdAt } = erasureLedger;
  const [waiting] = await db
    .select({ sequence, body })
    .from(erasureLedger)
    .where(and(isNull(writtenAt), lt(createdAt, sql`now() - interval '1 minute'`)))
    .orderBy(asc(sequence))
    .limit(1);
  if (!waiting) return false;
  const stored = await readStoredText(store, ledgerKey(waiting.sequence));
  return stored !== null && stored !== waiting.body;
}
