import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { retentionRunFailures } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { command } from "@/lib/operation/operation";
import { addToRun } from "@/lib/deletion/runs/run-counts";
import { retryDelayMs } from "@/lib/core/retry-delay";
import { storeProof } from "@/lib/deletion/store-proof";
import { readDatabaseTime } from "@/lib/db/database-time";

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

/** Records that a store did not delete these recordings, and when each is tried again. They stay `deleting`. */
export const recordDeletionFailures = command({
  permission: "recording:retire",
  input: z.object({ runId: z.uuid().nullable(), failures: z.array(failure).min(1).max(1000) }),
  audits: ["recording.deletion_failed"],
  run: async ({ tx, input: { runId, failures } }) => {
    const events = [];
    const rows: RunFailureRow[] = [];
    const now = await readDatabaseTime(tx);
    // Always in the same order, so that two runs that fail on the same recordings cannot deadlock.
    for (const { recordingId, attempts, store, code, proof } of failures.toSorted((a, b) =>
      a.recordingId < b.recordingId ? -1 : 1,
    )) {
      const attempt = attempts + 1;
      const retryAt = new Date(now.getTime() + retryDelayMs(attempt));
      const [row] = await tx
        .update(recordings)
        .set({
          deletionAttempts: attempt,
          deletionRetryAt: retryAt,
          deletionFailedStore: store,
          deletionFailureCode: code,
          deletionProof: proof.length > 0 ? proof : null,
        })
        .where(
          and(
            eq(recordings.id, recordingId),
            sql`${recordings.state} = 'deleting'`,
            eq(recordings.deletionAttempts, attempts),
          ),
        )
        .returning({ unitId: recordings.unitId, reason: recordings.deletionReason });
      if (!row) continue;
      if (runId) rows.push({ runId, recordingId, store, code, attempts: attempt, retryAt });
      const target = { type: "recording", id: recordingId, unitId: row.unitId };
      const details = {
        reason: row.reason,
        store,
        code,
        attempt,
        retryAt: retryAt.toISOString(),
        ...(runId === null ? {} : { runId }),
      };
      events.push(auditEvent("recording.deletion_failed", { outcome: "failure", target, details }));
    }
    const result = { failed: events.length };
    const [first, ...others] = events;
    if (!first) return { result, unchanged: true as const };
    if (runId) await addToRun(tx, runId, { failed: await noteFailures(tx, rows) });
    return { result, audits: [first, ...others] };
  },
});

type RunFailureRow = typeof retentionRunFailures.$inferInsert;

/** Adds failures to the report of the run. Answers how many are new in it: a long run may try a recording twice. */
async function noteFailures(tx: Transaction, rows: RunFailureRow[]): Promise<number> {
  const latest = {
    store: sql`excluded.store`,
    code: sql`excluded.code`,
    attempts: sql`excluded.attempts`,
    retryAt: sql`excluded.retry_at`,
  };
  const noted = await tx
    .insert(retentionRunFailures)
    .values(rows)
    .onConflictDoUpdate({ target: [retentionRunFailures.runId, retentionRunFailures.recordingId], set: latest })
    .returning({ isNew: sql<boolean>`xmax = 0` });
  return noted.filter(({ isNew }) => isNew).length;
}
