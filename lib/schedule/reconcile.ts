import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { reconcileHolds, type HoldCounts } from "@/lib/legal-holds/reconcile-holds";
import { log } from "@/lib/core/log";
import type { OperationContext } from "@/lib/operation/operation";
import { reconcileUploads, type ReconciliationCounts } from "@/lib/uploads/reconcile-uploads";

/** All that the scheduler's reconciliation finishes, one after the other, each bounded in time: together less than a minute. */
export async function reconcile(
  context: OperationContext,
): Promise<ReconciliationCounts & HoldCounts & { ledgerEntries: number }> {
  const ledgerEntries = await writeMissingEntries(context);
  const uploads = await reconcileUploads(context, { timeLimitMs: 35_000 });
  const holds = await reconcileHolds(context, { timeLimitMs: 15_000 });
  return { ...uploads, ...holds, ledgerEntries };
}

/** Entries of the erasure ledger that the store does not have yet. A store that is away keeps nothing else from being done. */
async function writeMissingEntries(context: OperationContext): Promise<number> {
  try {
    return (await writeLedger(context, {})).written;
  } catch (error) {
    log.error(
      { error, requestId: context.requestId },
      "the erasure ledger could not be written; the next round tries again",
    );
    return 0;
  }
}
