import { desc, eq, sql, and } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { storeScans } from "@/lib/db/schema/store-scan";
import { databaseNow } from "@/lib/store-scan/database-now";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { AppError } from "@/lib/core/errors";

/** Longer than one step with a working store. A slower process loses the claim, and its step is not saved. */
export const claimDuration = sql`interval '3 minutes'`;

type Run = typeof storeScans.$inferSelect;

/** The right to work on a scan; `claimedUntil` identifies it. */
export type ScanClaim = Pick<Run, "startedAt" | "phase" | "cursor" | "objectsSeen"> & {
  runId: string;
  claimedUntil: Date;
};

export type ClaimedScan = { claim: ScanClaim } | { claim: null; because: "busy" | "not_due" };

/**
 * Claims the running scan, also one whose process died, or starts one: a day after the last scan started, an hour after
 * a failed one, at once with `begin`. At most one scan runs.
 */
export const claimStoreScan = command({
  permission: "store-scan:run",
  input: z.object({ begin: z.boolean() }),
  audits: ["store_scan.started"],
  run: async ({ tx, input: { begin } }) => {
    const [running] = await tx
      .select({ id: storeScans.id, isFree: sql<boolean>`coalesce(${storeScans.claimedUntil} <= now(), true)` })
      .from(storeScans)
      .where(eq(storeScans.state, "running"))
      .for("update");
    if (running && !running.isFree)
      return { result: { claim: null, because: "busy" } as ClaimedScan, unchanged: true as const };
    const claimedUntil = sql`${databaseNow} + ${claimDuration}`;
    if (running) {
      const [run] = await tx.update(storeScans).set({ claimedUntil }).where(eq(storeScans.id, running.id)).returning();
      return { result: asClaim(run!), unchanged: true as const };
    }
    if (!begin && !(await isDue(tx)))
      return { result: { claim: null, because: "not_due" } as ClaimedScan, unchanged: true as const };
    const [run] = await tx
      .insert(storeScans)
      .values({ id: newId(), startedAt: databaseNow, progressAt: databaseNow, state: "running", claimedUntil })
      .onConflictDoNothing()
      .returning();
    if (!run) return { result: { claim: null, because: "busy" } as ClaimedScan, unchanged: true as const };
    return {
      result: asClaim(run),
      audits: [auditEvent("store_scan.started", { target: { type: "store_scan", id: run.id } })],
    };
  },
});

function asClaim({ id: runId, claimedUntil, startedAt, phase, cursor, objectsSeen }: Run): ClaimedScan {
  return { claim: { runId, claimedUntil: claimedUntil!, startedAt, phase, cursor, objectsSeen } };
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
 * The claimed scan, locked until `tx` ends.
 * @throws AppError `conflict` when another process has taken it over.
 */
export async function lockClaimedScan(
  tx: Transaction,
  { runId, claimedUntil }: { runId: string; claimedUntil: Date },
): Promise<typeof storeScans.$inferSelect> {
  const [run] = await tx
    .select()
    .from(storeScans)
    .where(and(eq(storeScans.id, runId), eq(storeScans.state, "running"), eq(storeScans.claimedUntil, claimedUntil)))
    .for("update");
  if (!run) throw new AppError("conflict", "another process has taken over the run");
  return run;
}
