import { lastStored } from "@/lib/deletion/ledger/stored-ledger";
import { ledgerHash } from "@/lib/deletion/ledger/ledger-entry";
import { listBroughtBack, readLedgerHead } from "@/lib/deletion/ledger/list-brought-back";
import { markErased } from "@/lib/deletion/ledger/mark-erased";
import { readLedgerConflict } from "@/lib/deletion/ledger/check-ledger";
import { readStoredEntry, type StoredEntry } from "@/lib/deletion/ledger/stored-ledger";
import { takeOverEntry } from "@/lib/deletion/ledger/take-over-entry";
import { listMissingEntries, writeMissingEntries } from "@/lib/deletion/ledger/write-missing-entries";
import { AppError } from "@/lib/core/errors";
import type { OperationContext } from "@/lib/operation/operation";
import { listPendingDeletions } from "@/lib/deletion/claim-erasure";
import { eraseQueued, newBatch } from "@/lib/deletion/erase-marked";
import { recordDeletionFailures } from "@/lib/deletion/record-deletion-failures";
import type { ObjectStore } from "@/lib/storage/object-store";

export type ReplayResult = {
  databaseHead: number;
  storeHead: number;
  /** Entries taken over by this call. */
  entries: number;
  /** Recordings that a restore had brought back: deleted again, or to be deleted when `dryRun`. */
  recordings: number;
  /** Recordings that a store refuses to delete, or whose upload link is still open: run it again. */
  left: number;
  /** Entries that the store has lost and the database has not: written again, or to be written when `dryRun`. */
  missing: number;
};

type ReplayOptions = {
  stores: readonly ObjectStore[];
  dryRun: boolean;
  onProgress?: (sequence: number, last: number) => void;
};

/**
 * After a restore of an older database: applies the entries that the ledger in the object store has beyond those of the
 * database. Each entry is one step, so a killed replay continues where it was. Older entries that the store has lost
 * are written there again.
 * @throws AppError `erasure_ledger_invalid` at the first entry that is not valid, or differs between store and
 * database; no later one is applied.
 */
export async function replayLedger(
  context: OperationContext,
  { stores, dryRun, onProgress }: ReplayOptions,
): Promise<ReplayResult> {
  const primary = stores[0]!;
  const conflict = await readLedgerConflict(context, {});
  if (conflict !== null)
    throw new AppError(
      "erasure_ledger_invalid",
      `entry ${conflict} of the erasure ledger differs between the store and this database: two databases wrote there`,
    );
  const head = await readLedgerHead(context, {});
  const result: ReplayResult = {
    databaseHead: head.sequence,
    storeHead: await lastStored(primary),
    entries: 0,
    recordings: 0,
    left: 0,
    missing: 0,
  };
  const missing = (await listMissingEntries(context, {})).length;
  result.missing = dryRun ? missing : await writeAllMissing(context, missing);
  let previousHash = head.hash;
  for (let sequence = head.sequence + 1; sequence <= result.storeHead; sequence += 1) {
    const stored = await readStoredEntry(primary, sequence, previousHash);
    previousHash = ledgerHash(stored.entry);
    if (dryRun)
      result.recordings += (
        await listBroughtBack(context, { recordingIds: stored.entry.erasures.map(({ recordingId }) => recordingId) })
      ).length;
    else {
      const { deleted, left } = await replayEntry(context, stores, stored);
      result.recordings += deleted;
      result.left = left;
      if (left > 0) return result;
    }
    result.entries += 1;
    onProgress?.(sequence, result.storeHead);
  }
  return result;
}

/** Never more than were missing at first, or a store that accepts entries and shows none would make it endless. */
async function writeAllMissing(context: OperationContext, missing: number): Promise<number> {
  let written = 0;
  while (written < missing) {
    const numbers = await writeMissingEntries(context, {});
    if (numbers.length === 0) break;
    written += numbers.length;
  }
  return written;
}

async function replayEntry(
  context: OperationContext,
  stores: readonly ObjectStore[],
  { entry, body }: StoredEntry,
): Promise<{ deleted: number; left: number }> {
  const { sequence, erasures, deletedAt } = entry;
  const { recordingIds } = await markErased(context, { sequence, deletedAt, erasures });
  const keys = new Map(erasures.map(({ recordingId, objectKeys }) => [recordingId, objectKeys]));
  const batch = newBatch(await listPendingDeletions(context, { of: { recordingIds }, limit: 1000 }), keys);
  await eraseQueued(context, { stores }, batch);
  const { erased: deletions, failures } = batch;
  if (failures.length > 0) await recordDeletionFailures(context, { runId: null, failures });
  if (deletions.length < recordingIds.length) return { deleted: 0, left: recordingIds.length - deletions.length };
  return { ...(await takeOverEntry(context, { sequence, body, deletions })), left: 0 };
}
