import { desc, eq, sql, and } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/schema/columns";
import { storeScans } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { command } from "@/lib/operation/operation";

type Run = typeof storeScans.$inferSelect;

/** Identifies a scan, and the process that works on it. */
export const scanClaim = z.object({ runId: z.uuid(), lease: jobLease });

export type OpenScan = z.output<typeof scanClaim> & Pick<Run, "startedAt" | "phase" | "cursor" | "objectsSeen">;

/**
 * Answers the running scan, also one whose process died, or starts one: a day after the last scan started, an hour
 * after a failed one, at once with `begin`. Null: none is due.
 * @throws AppError `conflict` when another process has taken over the job.
 */
export const openStoreScan = command({
  permission: "store-scan:run",
  input: z.object({ lease: jobLease, begin: z.boolean() }),
  audits: ["store_scan.started"],
  run: async ({ tx, input: { lease, begin } }) => {
    const [running] = await tx.select().from(storeScans).where(eq(storeScans.state, "running"));
    if (running) return { result: asOpen(running, lease), unchanged: true as const };
    const columns = { id: newId(), startedAt: databaseNow, progressAt: databaseNow, state: "running" as const };
    const [run] =
      begin || (await isDue(tx)) ? await tx.insert(storeScans).values(columns).onConflictDoNothing().returning() : [];
    if (!run) return { result: null, unchanged: true as const };
    await requireLease(tx, lease);
    return {
      result: asOpen(run, lease),
      audits: [auditEvent("store_scan.started", { target: { type: "store_scan", id: run.id } })],
    };
  },
});

function asOpen({ id: runId, startedAt, phase, cursor, objectsSeen }: Run, lease: OpenScan["lease"]): OpenScan {
  return { runId, lease, startedAt, phase, cursor, objectsSeen };
}

async function isDue(tx: Transaction): Promise<boolean> {
  const pause = sql`case ${storeScans.state} when 'failed' then interval '1 hour' else interval '1 day' end`;
  const [last] = await tx
    .select({ isDue: sql<boolean>`${storeScans.startedAt} <= now() - ${pause}` })
    .from(storeScans)
    .orderBy(desc(storeScans.startedAt), desc(storeScans.id))
    .limit(1);
  return last?.isDue ?? true;
}

/**
 * The running scan, locked until `tx` ends.
 * @throws AppError `conflict` when another process has taken over the job, or the scan has ended.
 */
export async function lockOpenScan(tx: Transaction, { runId, lease }: z.output<typeof scanClaim>): Promise<Run> {
  const [run] = await tx
    .select()
    .from(storeScans)
    .where(and(eq(storeScans.id, runId), eq(storeScans.state, "running")))
    .for("update");
  if (!run) throw new AppError("conflict", "the scan has ended");
  await requireLease(tx, lease);
  return run;
}
