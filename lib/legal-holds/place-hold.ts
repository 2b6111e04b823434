import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { AppError } from "@/lib/core/errors";
import { holdTextInput } from "@/lib/legal-holds/hold-input";
import { requireOwner, requireOwnerSeesAll } from "@/lib/legal-holds/hold-owners";
import { holdSelection } from "@/lib/legal-holds/hold-input";
import { placeSelection } from "@/lib/legal-holds/placement/place-selection";
import { enqueueHoldWork } from "@/lib/legal-holds/hold-jobs";
import { newId } from "@/lib/core/new-id";
import { selectionCondition } from "@/lib/legal-holds/selection-condition";
import { placementAudits } from "@/lib/legal-holds/placement/place-on-recordings";
import { command } from "@/lib/operation/operation";

export type PlacedHold = {
  holdId: string;
  held: number;
  /** Under the hold before, and now with the whole of their calls. */
  widened: number;
  /** Of those held, how many were marked for deletion and are stored again. */
  broughtBack: number;
  /** Gone before, each counted once for a hold: `listMissedRecordings` has which, and since when. */
  tooLate: number;
  finished: boolean;
};

/**
 * Places a legal hold on recordings: after the commit nothing deletes them. Supervisors within their units, the DPO
 * everywhere. A large search is placed in batches; until all is placed, no recording is marked for deletion.
 * @param input.holdId chosen by the form, so that a form that is sent twice places one hold.
 * @throws AppError `not_found`, `nothing_to_hold`, `already_placed`, or `invalid_input` for an owner who cannot be one.
 */
export const placeHold = command({
  permission: "legal-hold:place",
  input: z.object({ ...holdTextInput, selection: holdSelection, holdId: z.uuid().optional() }),
  audits: ["legal_hold.placed", ...placementAudits],
  run: async ({ tx, actor, input: { selection, holdId = newId(), ...columns } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    await requireOwner(tx, columns.ownerId);
    const placed = await tx
      .insert(legalHolds)
      .values({ id: holdId, placedById: actor.userId, ...columns })
      .onConflictDoNothing()
      .returning({ id: legalHolds.id });
    if (placed.length === 0) throw new AppError("already_placed", "the form was already submitted");
    const { held, widened, broughtBack, tooLate, finished, audits } = await placeSelection(
      tx,
      actor,
      holdId,
      selection,
    );
    await requireOwnerSeesAll(tx, holdId, finished ? {} : { coming: selectionCondition(selection, actor) });
    const details = {
      ownerId: columns.ownerId,
      reviewOn: columns.reviewOn,
      bySearch: "filters" in selection,
      recordings: held,
      broughtBack,
      tooLate,
      finished,
    };
    await enqueueHoldWork(tx, { holdId, finished });
    const result: PlacedHold = { holdId, held, widened, broughtBack, tooLate, finished };
    return {
      result,
      audits: [auditEvent("legal_hold.placed", { target: { type: "legal_hold", id: holdId }, details }), ...audits],
    };
  },
});
