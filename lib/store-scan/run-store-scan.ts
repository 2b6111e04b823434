import { requireLedger } from "@/lib/deletion/ledger/check-ledger";
import type { JobHandler, JobOutcome } from "@/lib/jobs/job-handler";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { jobContext } from "@/lib/operation/job-context";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStores } from "@/lib/storage/configured-store";
import { continueStoreScan, type ScanOptions, type ScanResult } from "@/lib/store-scan/continue-store-scan";

/** The store does not answer. */
const pauseMs = 60_000;
/** The runner's job is this long in one attempt. After it, the step that is under way has a minute to end. */
const attemptMs = 10 * 60_000;

/**
 * Runs the job of the store scan in this call: continues the running scan, or starts one when it is due. Safe to run
 * twice at once and to kill. After one step, no other is begun once `signal` is aborted; a runner continues then.
 * @throws AppError `erasure_ledger_ahead`: the database was restored from a backup older than the last erasure.
 */
export async function runStoreScan(
  context: OperationContext,
  { signal, ...options }: ScanOptions & { signal: AbortSignal },
): Promise<ScanResult> {
  await requireLedger(context, {});
  const job = { kind: "store_scan" as const, key: "all", payload: {}, signal };
  const result = await runJobHere(job, async (run) => {
    const round = await continueStoreScan(context, run, options);
    return { result: round, outcome: nextRound(round, run.signal) };
  });
  return result ?? { runId: null, state: "busy" };
}

/** Continues a scan until it is finished or failed. */
export const storeScanJob: JobHandler<"store_scan"> = {
  timeLimitMs: attemptMs + 60_000,
  run: async ({ lease, signal: stopping }) => {
    if (stopping.aborted) return { again: 0 };
    const context = jobContext("store-scan");
    await requireLedger(context, {});
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(attemptMs)]);
    const round = await continueStoreScan(context, { lease, signal }, { stores: configuredStores() });
    return nextRound(round, signal);
  },
};

function nextRound({ state }: ScanResult, signal: AbortSignal): JobOutcome {
  if (state === "running") return { again: signal.aborted ? 0 : pauseMs };
}
