import { and, eq, isNull, sql } from "drizzle-orm";
import type { Actor } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { legalHolds, recordings, type HoldPlacement } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import type { HoldExtension, HoldSelection } from "@/lib/legal-holds/hold-input";
import { beforeEveryId, placeNextBatch } from "@/lib/legal-holds/placement/place-next-batch";
import { placeOnRecordings, type Placed } from "@/lib/legal-holds/placement/place-on-recordings";
import { selectionCondition, unitsOf } from "@/lib/legal-holds/selection-condition";

/**
 * Places a person's selection under a hold that the caller has locked. A search larger than one batch is saved in the
 * hold and continues after the commit (`finished` is false).
 * @throws AppError `not_found` for a recording outside the person's units; `conflict` while another search is being
 * placed; `nothing_to_hold` when all of it is gone or under this hold already.
 */
export async function placeSelection(
  tx: Transaction,
  actor: Actor,
  holdId: string,
  selection: HoldExtension,
): Promise<Placed & { finished: boolean }> {
  const placed =
    "recordingIds" in selection
      ? await placeChosen(tx, actor, holdId, selection)
      : await placeSearch(tx, actor, holdId, "filters" in selection ? selection.filters : null);
  if (placed.finished && placed.held + placed.widened === 0)
    throw new AppError("nothing_to_hold", "all of it is deleted, being deleted or under this hold already");
  return placed;
}

type Chosen = Extract<HoldSelection, { recordingIds: string[] }>;

async function placeChosen(tx: Transaction, actor: Actor, holdId: string, selection: Chosen) {
  const chosen = [...new Set(selection.recordingIds)];
  const visible = await tx.$count(recordings, selectionCondition({ recordingIds: chosen, onlyThese: true }, actor));
  if (visible !== chosen.length) throw new AppError("not_found", "unknown recording, or outside the units of the user");
  const ofCalls = selection.onlyThese ? null : { unitIds: unitsOf(actor) };
  return { ...(await placeOnRecordings(tx, holdId, chosen, { ofCalls })), finished: true };
}

async function placeSearch(tx: Transaction, actor: Actor, holdId: string, filters: HoldPlacement["filters"]) {
  const [{ now }] = (await tx.execute<{ now: string }>(sql`select now()::text as now`)) as unknown as [{ now: string }];
  const placement: HoldPlacement = { filters, unitIds: unitsOf(actor), createdBefore: now, through: beforeEveryId };
  const begun = await tx
    .update(legalHolds)
    .set({ placement })
    .where(and(eq(legalHolds.id, holdId), isNull(legalHolds.placement)))
    .returning({ id: legalHolds.id });
  if (begun.length === 0) throw new AppError("conflict", "this hold is still being placed on search results");
  return placeNextBatch(tx, { id: holdId, placement });
}
