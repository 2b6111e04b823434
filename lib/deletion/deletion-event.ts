import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { auditEvent } from "@/lib/operation/audit-event";

/** A recording's row as its deletion left it. */
type DeletedRow = { id: string; unitId: string; sha256: Buffer | null; reason: string | null; orderId: string | null };

/** What was removed with it, and by which run or entry of the ledger. */
type Circumstances = {
  proof: readonly StoreDeletionProof[];
  /** The keyed digest of its call's id; undefined if it never was in custody. */
  callDigest: string | undefined;
  copy: { copySha256: string; copySizeBytes: number } | undefined;
  /** Files that were made of it for requests. */
  derived: readonly { sha256: string; sizeBytes: number }[] | undefined;
  keysDestroyed: { count: number; ofContent: boolean } | undefined;
  runId: string | null;
  ledgerSequence: number;
  isReplayed: boolean;
};

/** The event of one recording that is deleted. */
export function deletionEvent(
  { id, unitId, sha256, reason, orderId }: DeletedRow,
  { proof, callDigest, copy, derived, keysDestroyed, runId, ledgerSequence, isReplayed }: Circumstances,
) {
  return auditEvent("recording.deleted", {
    target: { type: "recording", id, unitId },
    details: {
      ...{
        reason,
        ...(orderId === null ? {} : { orderId }),
        ...(runId === null ? {} : { runId }),
        sha256: sha256?.toString("hex") ?? null,
        // A beginning of it, by which a receipt says which recordings were of one call.
        ...(callDigest === undefined ? {} : { call: callDigest.slice("deleted:".length).slice(0, 32) }),
        ...totals(proof),
      },
      ...copy,
      ...(derived
        ? { derivedSha256: derived.map(({ sha256: of }) => of), derivedSizeBytes: derived.map((of) => of.sizeBytes) }
        : {}),
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
