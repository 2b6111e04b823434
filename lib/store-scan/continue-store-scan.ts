import { openStoreScan, type OpenScan } from "@/lib/store-scan/open-store-scan";
import { ScanStopped, type PhaseInput, type PhaseScan } from "@/lib/store-scan/compare/scan-phase";
import { endScanRound, type ScanRound } from "@/lib/store-scan/end-scan-round";
import { resolveUntrueFindings } from "@/lib/store-scan/resolve-untrue-findings";
import { saveScanStep } from "@/lib/store-scan/save-scan-step";
import { scanObjects } from "@/lib/store-scan/compare/scan-objects";
import { scanDeletions, scanPastRetention } from "@/lib/store-scan/compare/scan-past-retention";
import { scanRecordings } from "@/lib/store-scan/compare/scan-recordings";
import { scanTickets } from "@/lib/store-scan/compare/scan-tickets";
import { scanPhases } from "@/lib/db/schema/store-scan";
import { AppError } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import type { JobRun } from "@/lib/jobs/job-handler";
import type { OperationContext } from "@/lib/operation/operation";
import { StoreError } from "@/lib/storage/store-error";

export type ScanOptions = {
  /** The primary first, then each copy (`configuredStores`). */
  stores: PhaseInput["stores"];
  /** Begin a scan although the last one is not a day old. */
  begin?: boolean;
  /** Default: longer than the longest upload ticket, a day, and the time to sweep it. */
  minimumAgeMs?: number;
  /** Called after each step, for a progress bar. */
  onProgress?: (step: { phase: OpenScan["phase"]; checked: number }) => void;
};

export type ScanResult = ScanRound | { runId: null; state: "busy" | "not_due" };

const defaultMinimumAgeMs = 25 * 3_600_000;

const scanOf: Record<Exclude<OpenScan["phase"], "resolve">, PhaseScan> = {
  objects: scanObjects,
  recordings: scanRecordings,
  past_retention: scanPastRetention,
  deleting: scanDeletions,
  tickets: scanTickets,
};

/**
 * Continues the running scan, or starts one when it is due, in the job that `lease` names. Saves each step; once
 * `signal` is aborted it begins no other. While the store is unavailable the scan waits; an error that does not pass
 * ends it as failed.
 */
export async function continueStoreScan(
  context: OperationContext,
  { lease, signal }: Pick<JobRun, "lease" | "signal">,
  { stores, begin = false, minimumAgeMs = defaultMinimumAgeMs, onProgress }: ScanOptions,
): Promise<ScanResult> {
  let claim = await openStoreScan(context, { lease, begin });
  if (claim === null) return { runId: null, state: "not_due" };
  try {
    while (claim.phase !== "resolve") {
      const step: Awaited<ReturnType<typeof takeStep>> = await takeStep({ context, stores, minimumAgeMs }, claim);
      ({ claim } = step);
      onProgress?.({ phase: claim.phase, checked: step.checked });
      if (signal.aborted) return await endScanRound(context, { claim, state: "running", reason: null });
    }
    return await resolveFindings(context, claim, signal);
  } catch (error) {
    return giveUp(context, claim, error);
  }
}

async function takeStep(input: PhaseInput, claim: OpenScan): Promise<{ claim: OpenScan; checked: number }> {
  const phase = claim.phase as keyof typeof scanOf;
  const { nextCursor, ...seen } = await scanOf[phase](input, claim);
  const next = nextCursor === null ? scanPhases[scanPhases.indexOf(phase) + 1]! : phase;
  return {
    claim: await saveScanStep(input.context, { claim, phase: next, cursor: nextCursor, ...seen }),
    checked: seen.objects + seen.recordings,
  };
}

async function resolveFindings(context: OperationContext, claim: OpenScan, signal: AbortSignal): Promise<ScanResult> {
  for (;;) {
    const { mayHaveMore } = await resolveUntrueFindings(context, { claim, limit: 500 });
    const state = mayHaveMore ? "running" : "finished";
    if (!mayHaveMore || signal.aborted) return endScanRound(context, { claim, state, reason: null });
  }
}

async function giveUp(context: OperationContext, claim: OpenScan, error: unknown): Promise<ScanResult> {
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
