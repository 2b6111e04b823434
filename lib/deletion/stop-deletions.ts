import { asc, inArray, sql, type SQL } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import { deletionOrders } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { recalculateRecordings } from "@/lib/retention/recalculation-batch";

/** Marked for deletion, and nothing of it is removed from any store yet. */
export function canBeStopped(): SQL {
  return sql`(${recordings.state} = 'deleting' and ${recordings.erasingAt} is null
    and ${recordings.storedAt} is not null)`;
}

type Stopped = {
  recordingIds: string[];
  audits: AuditEventInput<"recording.deletion_stopped" | "deletion_order.reduced">[];
};

/**
 * `deleting -> stored` for a legal hold, in its transaction, which holds `lockPoliciesForUse` and has locked the
 * recordings. Playback grants that the marking ended stay ended. Dates are calculated again, since policy changes skip
 * recordings that are being deleted. A deletion order counts the recordings that it loses.
 */
export async function stopDeletions(
  tx: Transaction,
  recordingIds: readonly string[],
  holdId: string,
): Promise<Stopped> {
  const { id, unitId, deletionReason: reason, deletionOrderId: orderId } = recordings;
  const marked = await tx
    .select({ id, unitId, reason, orderId })
    .from(recordings)
    .where(sql`${id} = any(${idList(recordingIds)}) and ${canBeStopped()}`)
    .orderBy(asc(id));
  if (marked.length === 0) return { recordingIds: [], audits: [] };
  const ids = marked.map((recording) => recording.id);
  await tx
    .update(recordings)
    .set({
      state: "stored",
      deletingAt: null,
      deletionReason: null,
      deletionOrderId: null,
      deletionAttempts: 0,
      deletionRetryAt: null,
    })
    .where(sql`${id} = any(${idList(ids)})`);
  await recalculateRecordings(tx, ids);
  const stopped = marked.map((recording) =>
    auditEvent("recording.deletion_stopped", {
      target: { type: "recording", id: recording.id, unitId: recording.unitId },
      details: {
        holdId,
        reason: recording.reason,
        ...(recording.orderId === null ? {} : { orderId: recording.orderId }),
      },
    }),
  );
  const lost = marked.flatMap((recording) => recording.orderId ?? []);
  return { recordingIds: ids, audits: [...stopped, ...(await reduceOrders(tx, lost, holdId))] };
}

/** Counts at each order the recordings that it lost: one id of the order for each. */
async function reduceOrders(tx: Transaction, lost: readonly string[], holdId: string) {
  const audits: AuditEventInput<"deletion_order.reduced">[] = [];
  // In order of id, so that two holds cannot deadlock.
  for (const orderId of [...new Set(lost)].toSorted()) {
    const kept = lost.filter((id) => id === orderId).length;
    const [order] = await tx
      .update(deletionOrders)
      .set({ keptRecordings: sql`${deletionOrders.keptRecordings} + ${kept}` })
      .where(inArray(deletionOrders.id, [orderId]))
      .returning({ kept: deletionOrders.keptRecordings });
    audits.push(
      auditEvent("deletion_order.reduced", {
        target: { type: "deletion_order", id: orderId },
        details: { holdId, recordings: kept, kept: order?.kept ?? kept },
      }),
    );
  }
  return audits;
}
