import { claimStoreScan, type ScanClaim } from "@/lib/store-scan/claim-store-scan";
import { ScanStopped, type ScanJob, type PhaseScan } from "@/lib/store-scan/scan-job";
import { endScanRound, type ScanRound } from "@/lib/store-scan/end-scan-round";
import { resolveUntrueFindings } from "@/lib/store-scan/resolve-untrue-findings";
import { saveScanStep } from "@/lib/store-scan/save-scan-step";
import { requireLedger } from "@/lib/deletion/ledger/check-ledger";
import { scanObjects } from "@/lib/store-scan/scan-objects";
import { scanDeletions, scanPastRetention } from "@/lib/store-scan/scan-past-retention";
import { scanRecordings } from "@/lib/store-scan/scan-recordings";
import { scanTickets } from "@/lib/store-scan/scan-tickets";
import { scanPhases } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { StoreError } from "@/lib/storage/store-error";

export type ScanOptions = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: ScanJob["stores"];
  /** After one step, no other is begun past this; the next call goes on. */
  timeLimitMs: number;
  /** Ends the round after the step that is under way. */
  signal?: AbortSignal;
  /** Begin a run although the last one is not a day old. */
  begin?: boolean;
  /** Default: longer than the longest upload ticket, a day, and the time to sweep it. */
  minimumAgeMs?: number;
  /** Told after each step, for a progress bar. */
  onProgress?: (step: { phase: ScanClaim["phase"]; looked: number }) => void;
};

export type ScanResult = ScanRound | { runId: null; state: "busy" | "not_due" };

const defaultMinimumAgeMs = 25 * 3_600_000;

const scanOf: Record<Exclude<ScanClaim["phase"], "resolve">, PhaseScan> = {
  objects: scanObjects,
  recordings: scanRecordings,
  past_retention: scanPastRetention,
  deleting: scanDeletions,
  tickets: scanTickets,
};

/**
 * Continues the running scan, or starts one when it is due, and saves each step. Safe to run twice at once and to kill.
 * While the store is unavailable the scan waits; an error that does not pass ends it as failed.
 * @throws AppError `erasure_ledger_ahead`: the database was restored from a backup older than the last erasure.
 */
export async function runStoreScan(
  context: OperationContext,
  { stores, timeLimitMs, signal, begin = false, minimumAgeMs = defaultMinimumAgeMs, onProgress }: ScanOptions,
): Promise<ScanResult> {
  const end = Date.now() + timeLimitMs;
  await requireLedger(context, {});
  const claimed = await claimStoreScan(context, { begin });
  if (claimed.claim === null) return { runId: null, state: claimed.because };
  let { claim } = claimed;
  try {
    while (claim.phase !== "resolve") {
      const step = await takeStep({ context, stores, minimumAgeMs }, claim);
      ({ claim } = step);
      onProgress?.({ phase: claim.phase, looked: step.looked });
      if (Date.now() >= end || signal?.aborted)
        return await endScanRound(context, { claim, state: "running", reason: null });
    }
    return await settle(context, claim, end);
  } catch (error) {
    return giveUp(context, claim, error);
  }
}

async function takeStep(job: ScanJob, claim: ScanClaim): Promise<{ claim: ScanClaim; looked: number }> {
  const phase = claim.phase as keyof typeof scanOf;
  const { nextCursor, ...seen } = await scanOf[phase](job, claim);
  const next = nextCursor === null ? scanPhases[scanPhases.indexOf(phase) + 1]! : phase;
  return {
    claim: await saveScanStep(job.context, { claim, phase: next, cursor: nextCursor, ...seen }),
    looked: seen.objects + seen.recordings,
  };
}

async function settle(context: OperationContext, claim: ScanClaim, end: number): Promise<ScanResult> {
  let { claimedUntil } = claim;
  for (;;) {
    const resolved = await resolveUntrueFindings(context, { claim: { ...claim, claimedUntil }, limit: 500 });
    claimedUntil = resolved.claimedUntil;
    const state = resolved.mayHaveMore ? "running" : "finished";
    if (!resolved.mayHaveMore || Date.now() >= end)
      return endScanRound(context, { claim: { ...claim, claimedUntil }, state, reason: null });
  }
}

async function giveUp(context: OperationContext, claim: ScanClaim, error: unknown): Promise<ScanResult> {
  if (error instanceof AppError && error.code === "conflict") return { runId: null, state: "busy" };
  const passes = error instanceof StoreError && error.retryable;
  const reason = error instanceof StoreError ? error.code : error instanceof ScanStopped ? error.reason : "internal";
  log.error(
    { error, runId: claim.runId, requestId: context.requestId },
    passes ? "the store does not answer; the scan continues later" : "the scan of the store failed",
  );
  const round = await endScanRound(context, { claim, state: passes ? "running" : "failed", reason });
  if (reason === "internal") throw error;
  return round;
}
