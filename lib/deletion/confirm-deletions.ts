import { sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import { destroyRecordingKeys } from "@/lib/encryption-keys/data-key-destruction";
import type { Transaction } from "@/lib/db/client";
import { derivedRecordings } from "@/lib/db/schema/derived-recordings";
import { playableCopies } from "@/lib/db/schema/playable-copies";
import { recordingBlocks } from "@/lib/db/schema/recording-blocks";
import { recordingWaveforms } from "@/lib/db/schema/recording-waveforms";
import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { recordings } from "@/lib/db/schema/recordings";
import { appendLedgerEntry } from "@/lib/deletion/ledger/ledger-rows";
import { addToRun } from "@/lib/deletion/runs/run-counts";
import { storeProof } from "@/lib/deletion/store-proof";
import { command } from "@/lib/operation/operation";
import { handlingColumns } from "@/lib/recordings/handling/call-handling";
import { noReferences } from "@/lib/recordings/references/call-references";
import { idList } from "@/lib/db/id-list";
import { digestsOf, lockDeleting, refuseErasedCalls, type Deleting } from "@/lib/deletion/deleting-recordings";
import { deletedDerived } from "@/lib/deletion/derived/deleted-derived";
import { deletionEvent } from "@/lib/deletion/deletion-event";

/** A recording of which nothing is left in any store, with one proof for each. */
export type ProvenDeletion = { recordingId: string; proof: StoreDeletionProof[] };

/** A recording that this call made `deleted`. */
export type ConfirmedDeletion = { id: string; sizeBytes: number | null };

type Confirmation = { confirmed: ConfirmedDeletion[]; audits: AuditEventInput<"recording.deleted">[] };

/** An entry of the erasure ledger that is applied again after a restore: it keeps its number and its time. */
export type ReplayedEntry = { sequence: number; deletedAt: Date };

/** What confirms: a retention run, the replay of a ledger's entry, or neither (a deletion order). */
type ConfirmedBy = { runId?: string | null; replayed?: ReplayedEntry | null };

/**
 * Last step of every deletion: `deleting -> deleted`, in the transaction of the caller, who appends the events. Empties
 * the columns that could identify a person (`docs/deletion.md` lists what stays and why) and appends one entry to the
 * erasure ledger, unless an entry is being replayed. Leaves out recordings that another run confirmed.
 */
export async function confirmDeletion(
  tx: Transaction,
  deletions: readonly ProvenDeletion[],
  { runId = null, replayed = null }: ConfirmedBy = {},
): Promise<Confirmation> {
  const proofs = new Map(deletions.map(({ recordingId, proof }) => [recordingId, proof]));
  const locked = await lockDeleting(tx, [...proofs.keys()]);
  if (locked.length === 0) return { confirmed: [], audits: [] };
  const ids = idList(locked.map(({ id }) => id));
  const digests = new Map(locked.map((recording) => [recording.id, digestsOf(recording)]));
  const gone = JSON.stringify(
    locked.map(({ id }) => ({
      id,
      call: digests.get(id)?.sourceCallId ?? `deleted:${id}`,
      recording: digests.get(id)?.sourceRecordingId ?? `deleted:${id}`,
    })),
  );
  const proofList = JSON.stringify(Object.fromEntries(proofs));
  await tx.execute(sql`delete from ${recordingWaveforms} where ${recordingWaveforms.recordingId} = any(${ids})`);
  const keysDestroyed = await destroyRecordingKeys(tx, ids);
  const copies = await removeCopies(tx, ids);
  const derived = await emptyDerived(tx, ids, proofs);
  await emptyBlocks(tx, ids);
  const deleted = await tx
    .update(recordings)
    .set({
      ...emptied,
      state: "deleted",
      deletionRunId: runId,
      deletedAt: replayed?.deletedAt ?? sql`now()`,
      sourceCallId: sql`gone.call`,
      sourceRecordingId: sql`gone.recording`,
      deletionProof: sql`${proofList}::jsonb -> gone.id::text`,
    })
    .from(sql`jsonb_to_recordset(${gone}::jsonb) as gone(id uuid, call text, recording text)`)
    .where(sql`${recordings.id} = gone.id and ${recordings.state} = 'deleting'`)
    .returning({
      id: recordings.id,
      unitId: recordings.unitId,
      sha256: recordings.sha256,
      sizeBytes: recordings.sizeBytes,
      reason: recordings.deletionReason,
      orderId: recordings.deletionOrderId,
      deletedAt: recordings.deletedAt,
    });
  const keys = new Map(locked.map((recording) => [recording.id, objectKeysOf(recording)]));
  // A replayed entry says itself which calls it refuses.
  const refused = replayed ? new Set<string>() : await refuseErasedCalls(tx, locked);
  const erasures = deleted.map(({ id, sha256, reason, orderId }) => ({
    recordingId: id,
    objectKeys: keys.get(id)!,
    sha256: sha256?.toString("hex") ?? null,
    reason,
    orderId,
    ...(digests.get(id) ?? { sourceCallId: null, sourceRecordingId: null }),
    refusesCall: refused.has(digests.get(id)?.sourceCallId ?? ""),
  }));
  const ledgerSequence = replayed?.sequence ?? (await appendLedgerEntry(tx, erasures, deleted[0]!.deletedAt!));
  const audits = deleted.map((row) =>
    deletionEvent(row, {
      ...{ proof: proofs.get(row.id)!, copy: copies.get(row.id), derived: derived.get(row.id) },
      ...{ keysDestroyed: keysDestroyed.get(row.id) },
      ...{ callDigest: digests.get(row.id)?.sourceCallId, runId, ledgerSequence, isReplayed: replayed !== null },
    }),
  );
  return { confirmed: deleted.map(({ id, sizeBytes }) => ({ id, sizeBytes })), audits };
}

const objectKeysOf = ({ objectKey, otherKeys }: Deleting) => [
  ...new Set([...(objectKey === null ? [] : [objectKey]), ...otherKeys]),
];

/** Removes the rows of playable copies, after their objects. What was made of each, for its event. */
async function removeCopies(tx: Transaction, ids: SQL) {
  const { recordingId, sha256, sizeBytes } = playableCopies;
  const removed = await tx
    .delete(playableCopies)
    .where(sql`${recordingId} = any(${ids})`)
    .returning({ recordingId, sha256, sizeBytes });
  return new Map(
    removed.flatMap((copy) =>
      copy.sha256 && copy.sizeBytes !== null
        ? [[copy.recordingId, { copySha256: copy.sha256.toString("hex"), copySizeBytes: copy.sizeBytes }]]
        : [],
    ),
  );
}

/** What was derived of a recording ends with it: its row stays, without an object. What there was, for the event. */
async function emptyDerived(tx: Transaction, ids: SQL, proofs: ReadonlyMap<string, StoreDeletionProof[]>) {
  const { recordingId, sha256, sizeBytes, state } = derivedRecordings;
  const proofList = JSON.stringify(Object.fromEntries(proofs));
  const emptied = await tx
    .update(derivedRecordings)
    .set({
      ...deletedDerived,
      deletionProof: sql`${proofList}::jsonb -> ${recordingId}::text`,
    })
    .where(sql`${recordingId} = any(${ids}) and ${state} <> 'deleted'`)
    .returning({ recordingId, sha256, sizeBytes });
  const files = emptied.flatMap((file) =>
    file.sha256 && file.sizeBytes !== null
      ? [{ recordingId: file.recordingId, sha256: file.sha256.toString("hex"), sizeBytes: file.sizeBytes }]
      : [],
  );
  return Map.groupBy(
    files.toSorted((left, right) => (left.sha256 < right.sha256 ? -1 : 1)),
    (file) => file.recordingId,
  );
}

/** Of a block only its reasons go: that and when processing was suspended stays. */
async function emptyBlocks(tx: Transaction, ids: SQL): Promise<void> {
  await tx
    .update(recordingBlocks)
    .set({ reasonEncrypted: null, liftReasonEncrypted: null })
    .where(sql`${recordingBlocks.recordingId} = any(${ids})`);
}

const deletion = z.object({ recordingId: z.uuid(), proof: z.array(storeProof).min(1) });

/** Confirms recordings that are absent from all stores. Answers how many: another run may have confirmed some. */
export const confirmDeletions = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid().nullable(), deletions: z.array(deletion).min(1).max(1000) }),
  audits: ["recording.deleted"],
  run: async ({ tx, input: { runId, deletions } }) => {
    const { confirmed, audits } = await confirmDeletion(tx, deletions, { runId });
    const result = { deleted: confirmed.length };
    const [first, ...others] = audits;
    if (!first) return { result, unchanged: true as const };
    if (runId)
      await addToRun(tx, runId, {
        ...result,
        bytesDeleted: confirmed.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0),
      });
    return { result, audits: [first, ...others] };
  },
});

const emptied = {
  agentId: null,
  customerNumberEncrypted: null,
  customerNumberIndex: null,
  customerNumberTailIndex: null,
  numberLastFourIndex: null,
  numberKind: null,
  ...noReferences,
  ...handlingColumns({}),
  quarantine: null,
  blockedAt: null,
  objectKey: null,
  objectVersionId: null,
  objectEtag: null,
  encryption: null,
  deletionRetryAt: null,
  deletionFailedStore: null,
  deletionFailureCode: null,
} as const;
