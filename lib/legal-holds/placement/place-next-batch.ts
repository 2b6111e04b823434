import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { legalHolds, recordings } from "@/lib/db/schema";
import type { LegalHold } from "@/lib/legal-holds/lock-hold";
import { isHeldWithoutCall } from "@/lib/legal-holds/placement/call-coverage";
import { placeOnRecordings, type Placed } from "@/lib/legal-holds/placement/place-on-recordings";
import { searchCondition } from "@/lib/legal-holds/selection-condition";
import { recordingFilters } from "@/lib/recordings/recording-filters";

/** Recordings that one transaction places under a hold, or releases. */
export const recordingsPerBatch = 2000;

/** Where batches in order of id begin. */
export const beforeEveryId = "00000000-0000-0000-0000-000000000000";

/**
 * Places the next recordings of a search, or the next whole calls, under a hold that the caller has locked, and saves
 * how far it came.
 */
export async function placeNextBatch(
  tx: Transaction,
  { id: holdId, placement }: Pick<LegalHold, "id" | "placement">,
): Promise<Placed & { finished: boolean }> {
  if (placement === null) return { held: 0, broughtBack: 0, tooLate: 0, widened: 0, audits: [], finished: true };
  const filters = placement.filters && recordingFilters.parse(placement.filters);
  const ofCalls = { unitIds: placement.unitIds };
  // Chosen without locks, then locked one by one: what a deletion takes meanwhile is still counted.
  const batch = await tx
    .select({ id: recordings.id })
    .from(recordings)
    .where(
      and(
        filters ? searchCondition(filters, placement.unitIds) : isHeldWithoutCall(holdId, ofCalls),
        gt(recordings.id, placement.through),
        sql`${recordings.createdAt} <= ${placement.createdBefore}::timestamptz`,
      ),
    )
    .orderBy(asc(recordings.id))
    .limit(recordingsPerBatch);
  const ids = batch.map(({ id }) => id);
  const placed = await placeOnRecordings(tx, holdId, ids, {
    ofCalls,
    onlyState: filters?.state,
    // A batch of a search has recordings that match, whole calls among them; the calls of held ones come as a whole.
    isBatch: filters !== null,
  });
  const finished = ids.length < recordingsPerBatch;
  await tx
    .update(legalHolds)
    .set({ placement: finished ? null : { ...placement, through: ids.at(-1)! } })
    .where(eq(legalHolds.id, holdId));
  return { ...placed, finished };
}
