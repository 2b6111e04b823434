import { and, eq, sql } from "drizzle-orm";
import { proveEvents } from "@/lib/audit/event-prover";
import type { ReadDatabase } from "@/lib/db/client";
import { approvals, auditEvents, subjectRequestDecisions } from "@/lib/db/schema";
import { witness, type Witness } from "@/lib/receipts/evidence";

/**
 * The last approval of the rights of a request whose decisions are deleted under an order. Undefined for other orders.
 * @throws AppError `not_sealed_yet`
 */
export async function readRequestApproval(db: ReadDatabase, orderId: string): Promise<Witness | undefined> {
  const { processId, deletionOrderId } = subjectRequestDecisions;
  const approval = sql`(select ${approvals.id}::text from ${approvals} where ${approvals.kind} = 'subject_request'
    and ${approvals.state} = 'approved' and ${approvals.subjectId} in (select ${processId}
    from ${subjectRequestDecisions} where ${deletionOrderId} = ${orderId})
    order by ${approvals.decidedAt} desc limit 1)`;
  const { targetType, targetId, action } = auditEvents;
  const isApproval = and(eq(targetType, "approval"), sql`${targetId} = ${approval}`, eq(action, "approval.approved"));
  return (await proveEvents(db, isApproval!)).map(witness).at(-1);
}
