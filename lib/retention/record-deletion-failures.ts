import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { recordings } from "@/lib/db/schema/recordings";
import { command } from "@/lib/operation";
import { addToRun } from "@/lib/retention/add-to-run";
import { retryDelayMs } from "@/lib/retention/retry-delay";
import { storeProof } from "@/lib/retention/store-proof";

const failure = z.object({
  recordingId: z.uuid(),
  /** Attempts that had failed before this one: of two runs that fail on the same recording, one counts. */
  attempts: z.number().int().min(0),
  /** The store that failed and the code of its error. */
  store: z.string().max(60),
  code: z.string().max(60),
  /** The stores that are done. */
  proof: z.array(storeProof),
});

/** Records that a store did not delete these recordings, and when each is tried again. They stay `deleting` until all stores did. */
export const recordDeletionFailures = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid().nullable(), failures: z.array(failure).min(1).max(1000) }),
  audits: ["recording.deletion_failed"],
  run: async ({ tx, input: { runId, failures } }) => {
    const events = [];
    // Always in the same order, so that two runs that fail on the same recordings cannot wait for each other in a circle.
    for (const { recordingId, attempts, store, code, proof } of failures.toSorted((a, b) => (a.recordingId < b.recordingId ? -1 : 1))) {
      const attempt = attempts + 1;
      const retryAt = new Date(Date.now() + retryDelayMs(attempt));
      const [row] = await tx
        .update(recordings)
        .set({ deletionAttempts: attempt, deletionRetryAt: retryAt, deletionFailedStore: store, deletionFailureCode: code, deletionProof: proof.length > 0 ? proof : null })
        .where(and(eq(recordings.id, recordingId), sql`${recordings.state} = 'deleting'`, eq(recordings.deletionAttempts, attempts)))
        .returning({ unitId: recordings.unitId, reason: recordings.deletionReason });
      if (!row) continue;
      const target = { type: "recording", id: recordingId, unitId: row.unitId };
      const details = { reason: row.reason, store, code, attempt, retryAt: retryAt.toISOString(), ...(runId === null ? {} : { runId }) };
      events.push(auditEvent("recording.deletion_failed", { outcome: "failure", target, details }));
    }
    const result = { failed: events.length };
    const [first, ...others] = events;
    if (!first) return { result, unchanged: true as const };
    if (runId) await addToRun(tx, runId, result);
    return { result, audits: [first, ...others] };
  },
});
