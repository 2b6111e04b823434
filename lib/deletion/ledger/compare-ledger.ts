import { and, asc, isNull, lt, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { ledgerKey, ledgerPrefix, parseLedgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { ledgerHead } from "@/lib/deletion/ledger/ledger-head";
import { readStoredText } from "@/lib/deletion/ledger/read-stored-text";
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
export async function compareLedger(
  store: ObjectStore,
  db: ReadDatabase,
  { thorough }: { thorough: boolean },
): Promise<LedgerState> {
  for (;;) {
    const { sequence: databaseHead } = await ledgerHead(db);
    const isAhead = thorough
      ? (await lastStored(store)) > databaseHead
      : (await store.head(ledgerKey(databaseHead + 1))) !== null;
    if (isAhead) {
      // Another process may have appended and written it since we looked.
      if ((await ledgerHead(db)).sequence > databaseHead) continue;
      return { state: "ahead", databaseHead };
    }
    return { state: (await findLedgerConflict(store, db, 60_000)) === null ? "in_step" : "conflict", databaseHead };
  }
}

/** The highest number in the store. */
export async function lastStored(store: ObjectStore): Promise<number> {
  let last = 0;
  for await (const number of storedNumbers(store)) last = Math.max(last, number);
  return last;
}

/** The numbers of all entries in the store, in an order of the store's own. */
export async function* storedNumbers(store: ObjectStore): AsyncGenerator<number> {
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: ledgerPrefix, cursor, limit: 1000 });
    for (const { key } of page.objects) {
      const number = parseLedgerKey(key);
      if (number !== null) yield number;
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
}

/**
 * The first number of an entry of ours that waits to be written and under which the store has another entry, or null.
 * @param waitingMs only an entry that has waited so long: the others are on their way.
 */
export async function findLedgerConflict(
  store: ObjectStore,
  db: ReadDatabase,
  waitingMs: number,
): Promise<number | null> {
  const { sequence, body, writtenAt, createdAt } = erasureLedger;
  const [waiting] = await db
    .select({ sequence, body })
    .from(erasureLedger)
    .where(and(isNull(writtenAt), lt(createdAt, sql`now() - ${waitingMs} * interval '1 millisecond'`)))
    .orderBy(asc(sequence))
    .limit(1);
  if (!waiting) return null;
  const stored = await readStoredText(store, ledgerKey(waiting.sequence));
  return stored !== null && stored !== waiting.body ? waiting.sequence : null;
}
