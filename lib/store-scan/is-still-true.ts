import { z } from "zod";
import { listPastRetention, listStuckDeletions } from "@/lib/store-scan/scan-past-retention";
import { listStuckTickets } from "@/lib/store-scan/scan-tickets";
import { readFindingToRetry } from "@/lib/store-scan/read-finding-to-retry";
import { examineRecording } from "@/lib/store-scan/examine-recording";
import type { OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Whether a finding that was retried is still true, by the same look that found it. @throws StoreError */
export async function isStillTrue(context: OperationContext, store: ObjectStore, findingId: string): Promise<boolean> {
  const finding = await readFindingToRetry(context, { findingId });
  if (!finding) return false;
  const { kind, recordingId, recording } = finding;
  const one = { cursor: null, limit: 1, recordingId: z.uuid().parse(recordingId) };
  if (kind === "ticket_never_completed") return (await listStuckTickets(context, one)).length > 0;
  if (kind === "past_retention")
    return (await listPastRetention(context, one)).length + (await listStuckDeletions(context, one)).length > 0;
  return (
    recording !== null &&
    (await examineRecording(store, recording)).some((discrepancy) => discrepancy.kind === "hold_not_locked")
  );
}
