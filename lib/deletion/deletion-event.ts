import type { StoreDeletionProof } from "@/lib/db/schema/recordings";
import { auditEvent } from "@/lib/operation/audit-event";

/** A recording's row as its deletion left it. */
type DeletedRow = { id: string; unitId: string; sha256: Buffer | null; reason: string | null; orderId: string | null };

/** What was removed with it, and by which run or entry of the ledger. */
type Circumstances = {
  proof: readonly StoreDeletionProof[];
  copy: { copySha256: string; copySizeBytes: number } | undefined;
  keysDestroyed: { count: number; ofContent: boolean } | undefined;
  runId: string | null;
  ledgerSequence: number;
  isReplayed: boolean;
};

/** The event of one recording that is deleted. */
export function deletionEvent(
  { id, unitId, sha256, reason, orderId }: DeletedRow,
  { proof, copy, keysDestroyed, runId, ledgerSequence, isReplayed }: Circumstances,
) {
  return auditEvent("recording.deleted", {
    target: { type: "recording", id, unitId },
    details: {
      ...{
        reason,
        ...(orderId === null ? {} : { orderId }),
        ...(runId === null ? {} : { runId }),
        sha256: sha256?.toString("hex") ?? null,
        ...totals(proof),
      },
      ...copy,
      ...{
        dataKeysDestroyed: keysDestroyed?.count ?? 0,
        contentKeyDestroyed: keysDestroyed?.ofContent ?? false,
      },
      ...{ ledgerSequence, ...(isReplayed ? { replayed: true } : {}) },
    },
  });
}

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
