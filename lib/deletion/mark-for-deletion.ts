import { and, sql, type SQL } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { AuditDetails } from "@/lib/db/schema/audit";
import type { Transaction } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { idList } from "@/lib/db/id-list";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";
import { revokeGrants } from "@/lib/deletion/revoke-grants";

/** Why a recording goes: its time is over, somebody gave a deletion order, the person recorded asked and was granted it, or its audio is lost. */
export const deletionReasons = ["retention_expired", "deletion_order", "erasure", "lost"] as const;
export type DeletionReason = (typeof deletionReasons)[number];

export type MarkRequest = {
  /** Which recordings, as a condition on the table `recordings`. */
  condition: SQL;
  reason: DeletionReason;
  /** The order (`deletion_orders`) under which it goes; null only for retention, which needs none. */
  orderId: string | null;
  /** At most this many, the ones longest past their date first. */
  limit: number;
  /** Ids and counts that each event says beside the reason and the policy. */
  details?: AuditDetails;
};

type Marked = { recordingIds: string[]; audits: AuditEventInput<"recording.marked_for_deletion">[] };

/**
 * First step of every deletion: `stored -> deleting` (or `rejected`, of which nothing but the row is left), in the transaction of the caller, who appends the events. From its commit
 * on nobody can hear the recording, and sooner or later a run deletes it. Rows locked by others are passed over.
 */
export async function markForDeletion(
  tx: Transaction,
  { condition, reason, orderId, limit, details }: MarkRequest,
): Promise<Marked> {
  const claimed = await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(and(mayBeDeleted(), condition))
    .orderBy(recordings.retainUntil, recordings.id)
    .limit(limit)
    .for("update", { skipLocked: true });
  if (claimed.length === 0) return { recordingIds: [], audits: [] };
  // A second statement and not one CTE: with the rows locked it reads anew what other tables say (a hold, a policy being changed).
  const marked = await tx
    .update(recordings)
    .set({
      state: "deleting",
      deletingAt: sql`now()`,
      deletionReason: reason,
      deletionOrderId: orderId,
      deletionAttempts: 0,
      deletionRetryAt: null,
    })
    .where(and(sql`${recordings.id} = any(${idList(claimed.map(({ id }) => id))})`, mayBeDeleted(), condition))
    .returning({
      id: recordings.id,
      unitId: recordings.unitId,
      policyId: recordings.retentionPolicyId,
      retainUntil: recordings.retainUntil,
    });
  const recordingIds = marked.map(({ id }) => id);
  await revokeGrants(tx, recordingIds);
  const audits = marked.map(({ id, unitId, policyId, retainUntil }) =>
    auditEvent("recording.marked_for_deletion", {
      target: { type: "recording", id, unitId },
      details: {
        reason,
        ...(orderId === null ? {} : { orderId }),
        policyId,
        retainUntil: retainUntil?.toISOString() ?? null,
        ...details,
      },
    }),
  );
  return { recordingIds, audits };
}
