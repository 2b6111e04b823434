import { probeWrappingKey } from "@/lib/encryption-keys/wrapping-key-probe";
import { rewrapDataKeys } from "@/lib/encryption-keys/rewrap-data-keys";
import type { OperationContext } from "@/lib/operation/operation";

export type RewrapCounts = { keyId: string; rewrapped: number; failed: number; finished: boolean };

export type RewrapOptions = {
  /** Once aborted, no other batch is begun. */
  signal?: AbortSignal;
  onProgress?: (counts: RewrapCounts) => void;
  batchSize?: number;
};

/**
 * Wraps every data key with the current wrapping key, in batches. If it is stopped, the next run continues.
 * @throws AppError `key_unavailable`; finished batches remain.
 */
export async function runRewrap(
  context: OperationContext,
  { signal, onProgress, batchSize }: RewrapOptions = {},
): Promise<RewrapCounts> {
  const counts: RewrapCounts = { keyId: await probeWrappingKey(), rewrapped: 0, failed: 0, finished: false };
  for (let after = ""; !signal?.aborted;) {
    const { rewrapped, failed, next } = await rewrapDataKeys(context, { keyId: counts.keyId, after, limit: batchSize });
    counts.rewrapped += rewrapped;
    counts.failed += failed;
    if (next === null) return { ...counts, finished: true };
    onProgress?.(counts);
    after = next;
  }
  return counts;
}
