import { and, eq, lt } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { retentionRuns } from "@/lib/db/schema/retention";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { countDue, sumShares } from "@/lib/retention/due-counts";
import { readDatabaseTime } from "@/lib/db/database-time";

/** A run without progress for this long was killed: a living one records progress with each batch. */
const silentMs = 2 * 60_000;

/** Opens a run, and closes killed ones as interrupted. Their work is not lost: each recording has its state. */
export const startRetentionRun = command({
  permission: "retention:run",
  input: z.object({}),
  audits: ["retention_run.started", "retention_run.interrupted"],
  run: async ({ tx }) => {
    const now = await readDatabaseTime(tx);
    const { id, state, progressAt, marked, deleted, failed } = retentionRuns;
    const dead = await tx
      .update(retentionRuns)
      .set({ state: "interrupted", finishedAt: progressAt })
      .where(and(eq(state, "running"), lt(progressAt, new Date(now.getTime() - silentMs))))
      .returning({ id, marked, deleted, failed });
    const runId = newId();
    const dueBy = await countDue(tx, now);
    const due = sumShares(dueBy);
    await tx
      .insert(retentionRuns)
      .values({ id: runId, startedAt: now, progressAt: now, state: "running", due, dueBy, remaining: due });
    const started = auditEvent("retention_run.started", {
      target: { type: "retention_run", id: runId },
      details: { due },
    });
    const interrupted = dead.map(({ id: deadId, ...counts }) =>
      auditEvent("retention_run.interrupted", {
        outcome: "failure",
        target: { type: "retention_run", id: deadId },
        details: counts,
      }),
    );
    return { result: { runId, due }, audits: [started, ...interrupted] };
  },
});
