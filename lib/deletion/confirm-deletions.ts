import { sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { destroyRecordingKeys } from "@/lib/encryption-keys/data-key-destruction";
import type { Transaction } from "@/lib/db/client";
import { recordings, recordingWaveforms, type StoreDeletionProof } from "@/lib/db/schema/recordings";
import { appendLedgerEntry } from "@/lib/deletion/ledger/ledger-rows";
import { addToRun } from "@/lib/deletion/runs/run-counts";
import { storeProof } from "@/lib/deletion/store-proof";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";
import { ticketKeys } from "@/lib/deletion/claim-erasure";
import { suppressedCallId } from "@/lib/deletion/suppressed-calls";

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
  const locked = await tx
    .select({
      id: recordings.id,
      source: recordings.source,
      sourceCallId: recordings.sourceCallId,
      storedAt: recordings.storedAt,
      objectKey: recordings.objectKey,
      ticketKeys: ticketKeys.as("ticket_keys"),
    })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList([...proofs.keys()])}) and ${recordings.state} = 'deleting'`)
    .orderBy(recordings.id)
    .for("update");
  if (locked.length === 0) return { confirmed: [], audits: [] };
  const ids = idList(locked.map(({ id }) => id));
  // A call whose upload was refused was never in custody: it may be sent again.
  const suppressed = new Map(
    locked.map(({ id, source, sourceCallId, storedAt }) => [
      id,
      storedAt ? suppressedCallId(source, sourceCallId) : null,
    ]),
  );
  const callIds = locked.map(({ id }) => suppressed.get(id) ?? `deleted:${id}`).join(",");
  const proofList = JSON.stringify(locked.map(({ id }) => proofs.get(id)!));
  await tx.execute(sql`delete from ${recordingWaveforms} where ${recordingWaveforms.recordingId} = any(${ids})`);
  const keysDestroyed = await destroyRecordingKeys(tx, ids);
  const deleted = await tx
    .update(recordings)
    .set({
      ...emptied,
      state: "deleted",
      deletionRunId: runId,
      deletedAt: replayed?.deletedAt ?? sql`now()`,
      sourceCallId: sql`gone.call_id`,
      deletionProof: sql`${proofList}::jsonb -> (gone.position - 1)::int`,
    })
    .from(sql`unnest(${ids}, string_to_array(${callIds}, ',')) with ordinality as gone(id, call_id, position)`)
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
  const keys = new Map(
    locked.map(({ id, objectKey, ticketKeys: ofTickets }) => [
      id,
      [...new Set([...(objectKey === null ? [] : [objectKey]), ...ofTickets])],
    ]),
  );
  const erasures = deleted.map(({ id, sha256, reason, orderId }) => ({
    recordingId: id,
    objectKeys: keys.get(id)!,
    sha256: sha256?.toString("hex") ?? null,
    reason,
    orderId,
    callId: suppressed.get(id)!,
  }));
  const ledgerSequence = replayed?.sequence ?? (await appendLedgerEntry(tx, erasures, deleted[0]!.deletedAt!));
  const audits = deleted.map(({ id, unitId, sha256, reason, orderId }) =>
    auditEvent("recording.deleted", {
      target: { type: "recording", id, unitId },
      details: {
        ...{
          reason,
          ...(orderId === null ? {} : { orderId }),
          ...(runId === null ? {} : { runId }),
          sha256: sha256?.toString("hex") ?? null,
          ...totals(proofs.get(id)!),
        },
        ...{
          dataKeysDestroyed: keysDestroyed.get(id)?.count ?? 0,
          contentKeyDestroyed: keysDestroyed.get(id)?.ofContent ?? false,
        },
        ...{ ledgerSequence, ...(replayed ? { replayed: true } : {}) },
      },
    }),
  );
  return { confirmed: deleted.map(({ id, sizeBytes }) => ({ id, sizeBytes })), audits };
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

/** The proof as the event states it: the stores, what was removed from them, and the last check that found nothing. */
function totals(proof: readonly StoreDeletionProof[]) {
  const sum = (count: "versionsDeleted" | "deleteMarkersDeleted" | "unfinishedUploadsAborted") =>
    proof.reduce((total, of) => total + of[count], 0);
  return {
    stores: proof.map(({ store }) => store),
    objectKeys: Math.max(...proof.map(({ objectKeys }) => objectKeys)),
    versionsDeleted: sum("versionsDeleted"),
    deleteMarkersDeleted: sum("deleteMarkersDeleted"),
    unfinishedUploadsAborted: sum("unfinishedUploadsAborted"),
    provedAbsentAt: proof
      .map(({ provedAbsentAt }) => provedAbsentAt)
      .toSorted()
      .at(-1)!,
  };
}

const emptied = {
  agentId: null,
  customerNumberEncrypted: null,
  customerNumberIndex: null,
  customerNumberTailIndex: null,
  objectKey: null,
  objectVersionId: null,
  objectEtag: null,
  encryption: null,
  deletionRetryAt: null,
  deletionFailedStore: null,
  deletionFailureCode: null,
} as const;
