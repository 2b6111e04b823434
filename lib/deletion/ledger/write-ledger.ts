import { and, asc, inArray, isNull } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { auditEvent } from "@/lib/operation/audit-event";
import type { ReadDatabase } from "@/lib/db/client";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { ledgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { readStoredText } from "@/lib/deletion/ledger/stored-ledger";
import { log } from "@/lib/core/log";
import { command } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** Where the store can lock objects: five years, the term for claims of consumers (CDC, Art. 27). */
const lockDays = 5 * 365 + 2;

/**
 * Writes to the object store the entries that it does not have yet, in order, and records it. After a crash the same
 * bytes are written again under the same key. Stops at a number under which the store has a different entry: the
 * database was restored, or the ledger forged.
 */
export const writeLedger = command({
  permission: "erasure-ledger:write",
  input: z.object({ limit: rowLimit(1000, 100) }),
  audits: ["erasure_ledger.written"],
  prepare: async ({ db, input }) => putEntries(configuredStore(), await unwritten(db, input.limit)),
  run: async ({ tx, prepared: { sequences, conflict } }) => {
    const result = { written: sequences.length, conflict };
    if (sequences.length === 0) return { result, unchanged: true as const };
    const noted = await tx
      .update(erasureLedger)
      .set({ writtenAt: new Date() })
      .where(and(inArray(erasureLedger.sequence, sequences), isNull(erasureLedger.writtenAt)))
      .returning({ sequence: erasureLedger.sequence });
    if (noted.length === 0) return { result, unchanged: true as const };
    const numbers = noted.map(({ sequence }) => sequence);
    const details = { first: Math.min(...numbers), last: Math.max(...numbers), entries: numbers.length };
    return { result, audits: [auditEvent("erasure_ledger.written", { details })] };
  },
});

type Waiting = { sequence: number; body: string };

function unwritten(db: ReadDatabase, limit: number): Promise<Waiting[]> {
  const { sequence, body, writtenAt } = erasureLedger;
  return db.select({ sequence, body }).from(erasureLedger).where(isNull(writtenAt)).orderBy(asc(sequence)).limit(limit);
}

/** Answers what the store now holds, and the first number under which it holds something else. */
async function putEntries(
  store: ObjectStore,
  entries: readonly Waiting[],
): Promise<{ sequences: number[]; conflict: number | null }> {
  const sequences: number[] = [];
  for (const { sequence, body } of entries) {
    if (!(await putLedgerEntry(store, sequence, body))) {
      log.error(
        { sequence },
        "ALARM: the object store holds another entry of the erasure ledger under this number; " +
          "the database was restored, or the ledger forged: npm run erasures -- status",
      );
      return { sequences, conflict: sequence };
    }
    sequences.push(sequence);
  }
  return { sequences, conflict: null };
}

/** Puts an entry under its number, once; false when the store has another one there. @throws StoreError */
export async function putLedgerEntry(store: ObjectStore, sequence: number, body: string): Promise<boolean> {
  const bytes = Buffer.from(body);
  const retainUntil = store.capabilities.objectLock ? new Date(Date.now() + lockDays * 24 * 60 * 60 * 1000) : undefined;
  try {
    await store.put(ledgerKey(sequence), bytes, {
      contentType: "application/json",
      sizeBytes: bytes.length,
      ifNoneMatch: "*",
      retainUntil,
    });
    return true;
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "already_exists") throw error;
    return (await readStoredText(store, ledgerKey(sequence))) === body;
  }
}
