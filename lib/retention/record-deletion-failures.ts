import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/audit/audit-event";
import { recordings } from "@/lib/db/schema/recordings";
import { command } from "@/lib/operation";
import { addToRun } from "@/lib/retention/add-to-run";
import { retryDelayMs } from "@/lib/retention/retry-delay";

const failure = z.object({
  recordingId: z.uuid(),
  /** Attempts that had failed before this one: of two runs that fail on the same recording, one counts. */
  attempts: z.number().int().min(0),
  /** Code of the store's error. */
  code: z.string().max(60),
});

/** Records that the store did not delete these recordings, and when each is tried again. They stay `deleting` until it does. */
export const recordDeletionFailures = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid(), failures: z.array(failure).min(1).max(1000) }),
  audits: ["recording.deletion_failed"],
  run: async ({ tx, input: { runId, failures } }) => {
    const events = [];
    // Always in the same order, so that two runs that fail on the same recordings cannot wait for each other in a circle.
    for (const { recordingId, attempts, code } of failures.toSorted((a, b) => (a.recordingId < b.recordingId ? -1 : 1))) {
      const attempt = attempts + 1;
      const retryAt = new Date(Date.now() + retryDelayMs(attempt));
      const [row] = await tx
        .update(recordings)
        .set({ deletionAttempts: attempt, deletionRetryAt: retryAt })
        .where(and(eq(recordings.id, recordingId), sql`${recordings.state} = 'deleting'`, eq(recordings.deletionAttempts, attempts)))
        .returning({ unitId: recordings.unitId, reason: recordings.deletionReason });
      if (!row) continue;
      const target = { type: "recording", id: recordingId, unitId: row.unitId };
      const details = { reason: row.reason, code, attempt, retryAt: retryAt.toISOString(), runId };
      events.push(auditEvent("recording.deletion_failed", { outcome: "failure", target, details }));
    }
    const result = { failed: events.length };
    const [first, ...others] = events;
    if (!first) return { result, unchanged: true as const };
    await addToRun(tx, runId, result);
    return { result, audits: [first, ...others] };
  },
});
