import { and, inArray, isNull, sql, type SQL } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { AuditDetails } from "@/lib/db/schema/audit";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { playbackGrants } from "@/lib/db/schema/playback";
import { recordings } from "@/lib/db/schema/recordings";
import { callers, type CallerName } from "@/lib/deletion/callers";
import { mayBeDeleted } from "@/lib/recordings/may-be-deleted";

export type MarkRequest = {
  caller: Exclude<CallerName, "replay">;
  /** Which recordings, as a condition on the table `recordings`. */
  condition: SQL;
  /** The order (`deletion_orders`); null for retention, which needs none. */
  orderId: string | null;
  /** At most this many, those longest past their date first. */
  limit: number;
  /** Ids and counts that each event gives beside the reason and the policy. */
  details?: AuditDetails;
};

type Marked = { recordingIds: string[]; audits: AuditEventInput<"recording.marked_for_deletion">[] };

/**
 * First step of a deletion: `stored -> deleting` (or from `rejected`, of which only the row is left), in the
 * transaction of the caller, who appends the events. After its commit nobody can play the recording. Rows that others
 * have locked are left out.
 */
export async function markForDeletion(
  tx: Transaction,
  { caller, condition, orderId, limit, details }: MarkRequest,
): Promise<Marked> {
  const { reason, selects, stops } = callers[caller];
  const eligible = and(mayBeDeleted(stops), inArray(recordings.state, [...selects]), condition)!;
  const claimed = await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(eligible)
    .orderBy(recordings.retainUntil, recordings.id)
    .limit(limit)
    .for("update", { skipLocked: true });
  // A second statement, not one CTE: with the rows locked, it sees holds and policy changes committed meanwhile.
  const marks = claimed.map(({ id }) => ({ id, reason, orderId, erasingAt: null }));
  const marked = await setDeleting(tx, marks, eligible);
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
  return { recordingIds: marked.map(({ id }) => id), audits };
}

/** How one recording is marked. `erasingAt` is set where its audio is gone already. */
export type Mark = { id: string; reason: string | null; orderId: string | null; erasingAt: Date | null };

/** The only statement that sets `deleting`. It also ends every grant to play or download these recordings. */
export async function setDeleting(tx: Transaction, marks: readonly Mark[], condition: SQL) {
  if (marks.length === 0) return [];
  const marked = await tx
    .update(recordings)
    .set({
      state: "deleting",
      deletingAt: sql`coalesce(${recordings.deletingAt}, now())`,
      deletionReason: sql`mark.reason`,
      deletionOrderId: sql`mark."orderId"`,
      erasingAt: sql`coalesce(${recordings.erasingAt}, mark."erasingAt")`,
      deletionAttempts: 0,
      deletionRetryAt: null,
    })
    .from(
      sql`jsonb_to_recordset(${JSON.stringify(marks)}::jsonb)
        as mark(id uuid, reason text, "orderId" uuid, "erasingAt" timestamptz)`,
    )
    .where(and(sql`${recordings.id} = mark.id`, condition))
    .returning({
      id: recordings.id,
      unitId: recordings.unitId,
      policyId: recordings.retentionPolicyId,
      retainUntil: recordings.retainUntil,
    });
  await tx
    .update(playbackGrants)
    .set({ revokedAt: sql`now()` })
    .where(
      and(
        sql`${playbackGrants.recordingId} = any(${idList(marked.map(({ id }) => id))})`,
        isNull(playbackGrants.revokedAt),
      ),
    );
  return marked;
}
