import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import {
  isLedgerEntrySignedBy,
  ledgerKey,
  ledgerPrefix,
  parseLedgerBody,
  parseLedgerKey,
  type LedgerEntry,
} from "@/lib/deletion/ledger/ledger-entry";
import { StoreError } from "@/lib/storage/store-error";
import { AppError } from "@/lib/core/errors";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Larger than any entry of the ledger: a thousand recordings are about half a megabyte. */
const mostBytes = 16 * 1024 * 1024;

/** The text of a small object; null when there is none. @throws StoreError */
export async function readStoredText(store: ObjectStore, key: string): Promise<string | null> {
  try {
    const { stream } = await store.readRange(key, { start: 0, endInclusive: mostBytes });
    return await new Response(stream).text();
  } catch (error) {
    if (error instanceof StoreError && error.code === "not_found") return null;
    throw error;
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

/** An entry as the store holds it, and what follows from the entry before it. */
export type StoredEntry = { entry: LedgerEntry; body: string };

/**
 * Reads the entry with this number from the store. It must be signed by a configured key and name the hash of the entry
 * before it.
 * @throws AppError `erasure_ledger_invalid`, saying which entry and why; StoreError when the store does not answer.
 */
export async function readStoredEntry(
  store: ObjectStore,
  sequence: number,
  previousHash: string,
): Promise<StoredEntry> {
  const body = await readStoredText(store, ledgerKey(sequence));
  if (body === null) throw invalid(sequence, "is missing, while the store has later ones");
  return { body, entry: believableEntry(body, sequence, previousHash) };
}

/** @throws AppError `erasure_ledger_invalid` */
export function believableEntry(body: string, sequence: number, previousHash: string): LedgerEntry {
  const signed = parseLedgerBody(body);
  if (!signed) throw invalid(sequence, "is not an entry of the ledger");
  const key = configuredPublicKeys().get(signed.entry.signingKeyId);
  if (!key) throw invalid(sequence, "is signed by a key that AUDIT_SIGNING_KEYS does not hold");
  if (!isLedgerEntrySignedBy(signed, key)) throw invalid(sequence, "has a signature that is not valid");
  if (signed.entry.sequence !== sequence) throw invalid(sequence, "says another number of itself");
  if (signed.entry.previousHash !== previousHash) throw invalid(sequence, "does not follow from the entry before it");
  return signed.entry;
}

function invalid(sequence: number, reason: string): AppError {
  return new AppError("erasure_ledger_invalid", `entry ${sequence} of the erasure ledger ${reason}`);
}
