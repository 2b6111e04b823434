import { jobKinds } from "@/lib/db/schema/jobs";

export { jobKinds };

export type JobKind = (typeof jobKinds)[number];

/** What a job of each kind is told: ids only. */
export type JobPayloads = {
  waveform: { recordingId: string };
  webhook: { deliveryId: string };
  deletion_order: { orderId: string };
  legal_hold: { holdId: string };
  /** All locks in the store that have to be set or removed. */
  object_locks: Record<never, string>;
  store_scan: Record<never, string>;
  /** All removals of objects that were ordered. */
  object_removals: Record<never, string>;
  finding_retry: { findingId: string; kind: "ticket_never_completed" | "past_retention" | "hold_not_locked" };
};
