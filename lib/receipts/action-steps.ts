import { currentName, namesOf, successorOf, type AuditAction } from "@/lib/operation/audit-actions";
import type { EvidenceStep } from "@/lib/receipts/receipt-parts";

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

/** The actions that are steps of a deletion, with their earlier names. */
export const stepActions: string[] = Object.keys(steps).flatMap((action) => namesOf(successorOf, action));

/** The deletion step of an action; undefined for any other action. */
export function stepOfAction(action: string): EvidenceStep | undefined {
  return steps[currentName(successorOf, action) as AuditAction];
}
