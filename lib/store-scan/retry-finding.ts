import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { legalHoldRecordings } from "@/lib/db/schema/legal-holds";
import { recordings } from "@/lib/db/schema/recordings";
import { lockOpenFinding, type OpenFinding } from "@/lib/store-scan/lock-open-finding";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/** Findings that a background job resolves by doing its work now. */
export const retriedKinds = ["ticket_never_completed", "past_retention", "hold_not_locked"] as const;
export type RetriedKind = (typeof retriedKinds)[number];

/**
 * Has the missing work done at once, in the background: uploads reconciled, retention run, objects locked. The finding
 * is resolved when it is no longer true.
 * @throws AppError `not_found`; `conflict` when it is resolved.
 */
export const retryFinding = command({
  permission: "store-scan:remedy",
  input: z.object({ findingId: z.uuid() }),
  audits: ["store_scan.discrepancy_remedied"],
  run: async ({ tx, input: { findingId } }) => {
    const finding = await lockOpenFinding(tx, findingId, retriedKinds);
    await clearTheWay(tx, finding);
    const { recordingId } = finding;
    const kind = finding.kind as RetriedKind;
    await enqueueJob(tx, { kind: "finding_retry", key: findingId, payload: { findingId, kind } });
    const event = auditEvent("store_scan.discrepancy_remedied", {
      target: { type: "recording", id: recordingId! },
      details: { kind, findingId, resolution: "retried" },
    });
    return { result: { kind }, audits: [event] };
  },
});

/**
 * Ends the wait for the next attempt, and forgets locks that the store no longer has, so that they are set again: by
 * this job, or by that of the locks where another process has it.
 */
async function clearTheWay(tx: Transaction, { kind, recordingId }: OpenFinding): Promise<void> {
  if (kind === "past_retention")
    await tx
      .update(recordings)
      .set({ deletionRetryAt: null })
      .where(and(eq(recordings.id, recordingId!), eq(recordings.state, "deleting")));
  if (kind !== "hold_not_locked") return;
  // The recording before its holds, as everywhere.
  await tx.select({ id: recordings.id }).from(recordings).where(eq(recordings.id, recordingId!)).for("update");
  await tx
    .update(legalHoldRecordings)
    .set({ lockedAt: null })
    .where(and(eq(legalHoldRecordings.recordingId, recordingId!), isNull(legalHoldRecordings.releasedAt)));
  await enqueueJob(tx, { kind: "object_locks", key: "all", payload: {} });
}
