import { sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/audit/audit-event";
import type { Transaction } from "@/lib/db/client";
import { recordings, recordingWaveforms } from "@/lib/db/schema/recordings";
import type { StoreDeletion } from "@/lib/retention/delete-from-store";
import { idList } from "@/lib/retention/id-list";
import { suppressedCallId } from "@/lib/retention/suppressed-call-id";

/** A recording of which nothing is left in the store, with the proof. */
export type ProvenDeletion = { recordingId: string; proof: StoreDeletion };

/**
 * Last step of every deletion: `deleting -> deleted`, in the transaction of the caller, who appends the events. What could lead
 * to a person leaves the row; `docs/retention.md` lists what stays and on what ground. Those that another run confirmed are left out.
 */
export async function confirmDeletion(tx: Transaction, deletions: readonly ProvenDeletion[]): Promise<AuditEventInput<"recording.deleted">[]> {
  const proofs = new Map(deletions.map(({ recordingId, proof }) => [recordingId, proof]));
  const locked = await tx
    .select({ id: recordings.id, source: recordings.source, sourceCallId: recordings.sourceCallId })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList([...proofs.keys()])}) and ${recordings.state} = 'deleting'`)
    .orderBy(recordings.id)
    .for("update");
  if (locked.length === 0) return [];
  const ids = idList(locked.map(({ id }) => id));
  const callIds = locked.map(({ source, sourceCallId }) => suppressedCallId(source, sourceCallId)).join(",");
  await tx.execute(sql`delete from ${recordingWaveforms} where ${recordingWaveforms.recordingId} = any(${ids})`);
  const deleted = await tx
    .update(recordings)
    .set({ ...emptied, state: "deleted", deletedAt: sql`now()`, sourceCallId: sql`gone.call_id` })
    .from(sql`unnest(${ids}, string_to_array(${callIds}, ',')) as gone(id, call_id)`)
    .where(sql`${recordings.id} = gone.id and ${recordings.state} = 'deleting'`)
    .returning({ id: recordings.id, unitId: recordings.unitId, sha256: recordings.sha256, reason: recordings.deletionReason });
  return deleted.map(({ id, unitId, sha256, reason }) =>
    auditEvent("recording.deleted", {
      target: { type: "recording", id, unitId },
      details: { reason, sha256: sha256?.toString("hex") ?? null, ...proofs.get(id)! },
    }),
  );
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
} as const;
