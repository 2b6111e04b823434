import { claimDriftRun, type DriftClaim } from "@/lib/store-scan/claim-store-scan";
import { DriftStopped, type DriftJob, type DriftWalk } from "@/lib/store-scan/scan-job";
import { endDriftRound, type DriftRound } from "@/lib/store-scan/end-scan-round";
import { resolveUntrueFindings } from "@/lib/store-scan/resolve-untrue-findings";
import { saveDriftStep } from "@/lib/store-scan/save-scan-step";
import { requireLedger } from "@/lib/store-scan/require-ledger";
import { walkObjects } from "@/lib/store-scan/scan-objects";
import { walkDeleting, walkPastRetention } from "@/lib/store-scan/scan-past-retention";
import { walkRecordings } from "@/lib/store-scan/scan-recordings";
import { walkTickets } from "@/lib/store-scan/scan-tickets";
import { driftPhases } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { StoreError } from "@/lib/storage/store-error";

export type DriftOptions = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: DriftJob["stores"];
  /** After one step, no other is begun past this; the next call goes on. */
  timeLimitMs: number;
  /** Begin a run although the last one is not a day old. */
  begin?: boolean;
  /** Default: longer than the longest upload ticket, a day, and the time to sweep it. */
  settledAfterMs?: number;
  /** Told after each step, for a progress bar. */
  onProgress?: (step: { phase: DriftClaim["phase"]; looked: number }) => void;
};

export type DriftResult = DriftRound | { runId: null; state: "busy" | "not_due" };

const settledAfter = 25 * 3_600_000;

const walks: Record<Exclude<DriftClaim["phase"], "settle">, DriftWalk> = {
  objects: walkObjects,
  recordings: walkRecordings,
  past_retention: walkPastRetention,
  deleting: walkDeleting,
  tickets: walkTickets,
};

/**
 * Goes on with the reconciliation of stores and tables, or begins one when it is time: step by step, each saved with what it saw. Safe to call twice
 * at once and to kill at any point. A store that is away leaves the run where it is; what cannot pass by itself ends it as failed.
 * @throws AppError `erasure_ledger_ahead` on a database that was restored from before erasures: it knows too much, and too little.
 */
export async function runDrift(
  context: OperationContext,
  { stores, timeLimitMs, begin = false, settledAfterMs = settledAfter, onProgress }: DriftOptions,
): Promise<DriftResult> {
  const end = Date.now() + timeLimitMs;
  await requireLedger(context);
  const claimed = await claimDriftRun(context, { begin });
  if (claimed.claim === null) return { runId: null, state: claimed.because };
  let { claim } = claimed;
  try {
    while (claim.phase !== "settle") {
      const step = await takeStep({ context, stores, settledAfterMs }, claim);
      ({ claim } = step);
      onProgress?.({ phase: claim.phase, looked: step.looked });
      if (Date.now() >= end) return await endDriftRound(context, { claim, state: "running", reason: null });
    }
    return await settle(context, claim, end);
  } catch (error) {
    return giveUp(context, claim, error);
  }
}

async function takeStep(job: DriftJob, claim: DriftClaim): Promise<{ claim: DriftClaim; looked: number }> {
  const phase = claim.phase as keyof typeof walks;
  const { nextCursor, ...seen } = await walks[phase](job, claim);
  const next = nextCursor === null ? driftPhases[driftPhases.indexOf(phase) + 1]! : phase;
  return {
    claim: await saveDriftStep(job.context, { claim, phase: next, cursor: nextCursor, ...seen }),
    looked: seen.objects + seen.recordings,
  };
}

async function settle(context: OperationContext, claim: DriftClaim, end: number): Promise<DriftResult> {
  let { claimedUntil } = claim;
  for (;;) {
    const resolved = await resolveUntrueFindings(context, { claim: { ...claim, claimedUntil }, limit: 500 });
    claimedUntil = resolved.claimedUntil;
    const state = resolved.mayHaveMore ? "running" : "finished";
    if (!resolved.mayHaveMore || Date.now() >= end)
      return endDriftRound(context, { claim: { ...claim, claimedUntil }, state, reason: null });
  }
}

async function giveUp(context: OperationContext, claim: DriftClaim, error: unknown): Promise<DriftResult> {
  if (error instanceof AppError && error.code === "conflict") return { runId: null, state: "busy" };
  const passes = error instanceof StoreError && error.retryable;
  const reason = error instanceof StoreError ? error.code : error instanceof DriftStopped ? error.reason : "internal";
  log.error(
    { error, runId: claim.runId, requestId: context.requestId },
    passes ? "the store does not answer; the reconciliation goes on later" : "the reconciliation of the store failed",
  );
  const round = await endDriftRound(context, { claim, state: passes ? "running" : "failed", reason });
  if (reason === "internal") throw error;
  return round;
}
