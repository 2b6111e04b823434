import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { listPastRetention, listStuckDeletions } from "@/lib/store-scan/compare/scan-past-retention";
import { listStuckTickets } from "@/lib/store-scan/compare/scan-tickets";
import { recordingInCustody, type RecordingInCustody } from "@/lib/store-scan/compare/list-recordings-to-verify";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { examineRecording } from "@/lib/store-scan/compare/examine-recording";
import { query, type OperationContext } from "@/lib/operation/operation";
import type { ObjectStore } from "@/lib/storage/object-store";

/** Whether a retried finding is still true, by the check that found it. @throws StoreError */
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

/** An open finding and its recording where that is stored; null when it is resolved. For code of `lib` alone. */
export const readFindingToRetry = query({
  permission: "store-scan:run",
  input: z.object({ findingId: z.uuid() }),
  run: async ({ db, input: { findingId } }) => {
    const [finding] = await db
      .select({ kind: storeScanFindings.kind, recordingId: storeScanFindings.recordingId })
      .from(storeScanFindings)
      .where(and(eq(storeScanFindings.id, findingId), isNull(storeScanFindings.resolvedAt)));
    if (!finding?.recordingId) return null;
    const [recording] = await db
      .select(recordingInCustody())
      .from(recordings)
      .where(and(eq(recordings.id, finding.recordingId), eq(recordings.state, "stored")));
    return {
      ...finding,
      recordingId: finding.recordingId,
      recording: (recording ?? null) as RecordingInCustody | null,
    };
  },
});
