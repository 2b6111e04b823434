import { currentName, namesOf, successorOf, type AuditAction } from "@/lib/operation/audit-actions";
import type { EvidenceStep } from "@/lib/receipts/receipt-schema";

const steps: Partial<Record<AuditAction, EvidenceStep>> = {
  "deletion_order.ordered": "ordered",
  "deletion_order.started": "approved",
  "deletion_order.finished": "ended",
  "deletion_order.reduced": "reduced",
  "recording.marked_for_deletion": "marked",
  "recording.deleted": "deleted",
  "retention_run.started": "started",
  "retention_run.finished": "ended",
  "retention_run.interrupted": "ended",
};

/** The kinds of event that are part of a deletion, under all names that they were signed with. */
export const stepActions: string[] = Object.keys(steps).flatMap((action) => namesOf(successorOf, action));

/** Which part of a deletion an event is; undefined for any other event. */
export function stepOfAction(action: string): EvidenceStep | undefined {
  return steps[currentName(successorOf, action) as AuditAction];
}
