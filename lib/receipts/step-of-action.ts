import type { EvidenceStep } from "@/lib/receipts/receipt-schema";

/** Which event is which part of a deletion. */
export const stepOfAction: Record<string, EvidenceStep> = {
  "cleanup.ordered": "ordered",
  "cleanup.started": "approved",
  "cleanup.finished": "ended",
  "recording.marked_for_deletion": "marked",
  "recording.deleted": "deleted",
  "retention_run.started": "started",
  "retention_run.finished": "ended",
  "retention_run.interrupted": "ended",
};
