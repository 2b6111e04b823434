import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import {
  isLedgerEntrySignedBy,
  ledgerKey,
  parseLedgerBody,
  type LedgerEntry,
} from "@/lib/deletion/ledger/ledger-entry";
import { readStoredText } from "@/lib/deletion/ledger/read-stored-text";
import { AppError } from "@/lib/core/errors";
import type { ObjectStore } from "@/lib/storage/object-store";

/** An entry as the store holds it, and what follows from the entry before it. */
export type StoredEntry = { entry: LedgerEntry; body: string };

/**
 * Reads the entry with this number from the store and believes it only when it is signed by a key of ours and follows from the
 * entry before.
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
