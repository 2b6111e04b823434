import { and, desc, eq, inArray, sql, type SQL } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { approvals, deletionOrders, recordings, subjectRequestDecisions } from "@/lib/db/schema";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import type { LockedRequest } from "@/lib/subject-requests/process-steps";
import { transactionNow } from "@/lib/db/schema/columns";

type Which = {
  /** Decisions on a deletion, as a condition on `subject_request_decisions`. */
  which: SQL;
  limit: number;
};

type Marked = { count: number; audits: AuditEventInput<"recording.marked_for_deletion">[] };

/**
 * Marks recordings for deletion as decided, under an order of their own, of which the certificate is issued. Holds and
 * legal minimums are passed over. The order's job erases them.
 */
export async function markUnderRequest(
  tx: Transaction,
  request: LockedRequest,
  { which, limit }: Which,
): Promise<Marked> {
  const { recordingId, processId, decidedById } = subjectRequestDecisions;
  const orderId = newId();
  const isDecided = sql`${recordings.id} in (select ${recordingId} from ${subjectRequestDecisions} where ${which})`;
  const { recordingIds, audits } = await markForDeletion(tx, {
    ...{ caller: "request", condition: isDecided, orderId, limit },
    details: { protocol: request.protocol },
  });
  if (recordingIds.length === 0) return { count: 0, audits: [] };
  const ofThese = and(which, sql`${recordingId} = any(${idList(recordingIds)})`)!;
  const decisions = await tx.select({ processId, decidedById }).from(subjectRequestDecisions).where(ofThese);
  await tx.insert(deletionOrders).values({
    ...{ id: orderId, reason: "erasure", requestedByType: "user", requestedById: decisions[0]!.decidedById },
    approvedById: await approverOf(tx, [...new Set(decisions.map((decision) => decision.processId))]),
    ...{ selection: { recordingIds }, justification: `Requisição ${request.protocol}` },
    ...{ expectedRecordings: recordingIds.length, expectedBytes: await bytesOf(tx, recordingIds) },
    ...{ markedRecordings: recordingIds.length, state: "finished", finishedAt: transactionNow },
  });
  await tx.update(subjectRequestDecisions).set({ deletionOrderId: orderId, result: null }).where(ofThese);
  // It marks nothing of an order that is finished, and deletes what was marked under it.
  await enqueueJob(tx, { kind: "deletion_order", key: orderId, payload: { orderId } });
  return { count: recordingIds.length, audits };
}

async function approverOf(tx: Transaction, processIds: readonly string[]): Promise<string | null> {
  const [approval] = await tx
    .select({ by: approvals.decidedById })
    .from(approvals)
    .where(
      and(
        eq(approvals.kind, "subject_request"),
        inArray(approvals.subjectId, [...processIds]),
        eq(approvals.state, "approved"),
      ),
    )
    .orderBy(desc(approvals.decidedAt))
    .limit(1);
  return approval?.by ?? null;
}

async function bytesOf(tx: Transaction, ids: readonly string[]): Promise<number> {
  const [sum] = await tx
    .select({ bytes: sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8` })
    .from(recordings)
    .where(sql`${recordings.id} = any(${idList(ids)})`);
  return sum!.bytes;
}
