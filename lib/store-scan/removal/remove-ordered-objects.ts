import { findUnknownKeys } from "@/lib/store-scan/compare/find-unknown-keys";
import { requireLedger } from "@/lib/deletion/ledger/check-ledger";
import { finalizeObjectRemoval } from "@/lib/store-scan/removal/finalize-object-removal";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { type OperationContext, query } from "@/lib/operation/operation";
import { eraseKeys } from "@/lib/deletion/erase-keys";
import { configuredStores } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { and, gt, isNotNull, isNull } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { storeScanFindings } from "@/lib/db/schema/store-scan";

/**
 * Deletes what was ordered to be removed from every store, proves its absence, and records it. What fails stays
 * ordered. Safe to repeat; once `signal` is aborted no other object is begun.
 */
export async function removeOrderedObjects(
  context: OperationContext,
  { stores, signal }: { stores: readonly ObjectStore[]; signal?: AbortSignal },
): Promise<void> {
  await requireLedger(context, {});
  for (let after: string | null = null; ;) {
    const ordered: Awaited<ReturnType<typeof listOrderedRemovals>> = await listOrderedRemovals(context, {
      after,
      limit: 100,
    });
    for (const { findingId, objectKey } of ordered) {
      if (signal?.aborted) return;
      await finalizeObjectRemoval(context, { findingId, outcome: await remove(context, stores, objectKey) });
    }
    if (ordered.length === 0) return;
    after = ordered.at(-1)!.findingId;
  }
}

/** What a store refuses stays ordered, and the next round of the scan tries it again. */
export const objectRemovalsJob: JobHandler<"object_removals"> = {
  run: async ({ signal }) => {
    await removeOrderedObjects(jobContext("store-scan"), { stores: configuredStores(), signal });
    if (signal.aborted) return { again: 0 };
  },
};

/** Leaves alone what belongs to a row by now. */
async function remove(context: OperationContext, stores: readonly ObjectStore[], objectKey: string) {
  if ((await findUnknownKeys(context, { keys: [objectKey] })).length === 0) return { kind: "in_use" as const };
  const { proof, failure } = await eraseKeys(stores, [objectKey]);
  return failure ? { kind: "failed" as const, ...failure } : { kind: "removed" as const, proof };
}

/** Objects that somebody ordered to be deleted, in order of id. For code of `lib` alone: object keys go no further. */
export const listOrderedRemovals = query({
  permission: "store-scan:run",
  input: z.object({ after: z.uuid().nullable(), limit: rowLimit(1000) }),
  run: async ({ db, input: { after, limit } }) => {
    const { id, objectKey, resolvedAt, removalOrderedAt } = storeScanFindings;
    const rows = await db
      .select({ findingId: id, objectKey })
      .from(storeScanFindings)
      .where(and(isNull(resolvedAt), isNotNull(removalOrderedAt), after === null ? undefined : gt(id, after)))
      .orderBy(id)
      .limit(limit);
    return rows.map((row) => ({ ...row, objectKey: row.objectKey! }));
  },
});
