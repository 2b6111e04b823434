import { z } from "zod";
import { holdScope } from "@/lib/recordings/hold-scope";
import { holdExtension } from "@/lib/legal-holds/hold-input";
import { countUnseen, requireOwnerSeesAll } from "@/lib/legal-holds/hold-owners";
import { selectionCondition } from "@/lib/legal-holds/selection-condition";
import { lockHold } from "@/lib/legal-holds/lock-hold";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";
import { placeSelection } from "@/lib/legal-holds/placement/place-selection";
import { enqueueHoldWork } from "@/lib/legal-holds/hold-jobs";
import { extensionEvent } from "@/lib/legal-holds/placement/extension-event";
import { placementAudits } from "@/lib/legal-holds/placement/place-on-recordings";
import { command } from "@/lib/operation/operation";

/**
 * Adds recordings to a hold in force; `wholeCalls` adds the rest of the calls of those under it. If a selection takes
 * whole calls, then its recordings that are under the hold already come under it with their whole call, too.
 * @throws AppError `invalid_input` if its owner does not see them; `not_found`; `nothing_to_hold`; `conflict` when it
 * was released or a search is still being placed.
 */
export const extendHold = command({
  permission: "legal-hold:place",
  input: z.object({ holdId: z.uuid(), selection: holdExtension }),
  audits: ["legal_hold.extended", "legal_hold.widened", ...placementAudits],
  run: async ({ tx, actor, input: { holdId, selection } }) => {
    await lockHold(tx, holdId, holdScope(actor));
    const unseenBefore = await countUnseen(tx, holdId);
    const placed = await placeSelection(tx, actor, holdId, selection);
    const isPlaced = placed.finished || "wholeCalls" in selection;
    const coming = isPlaced ? undefined : selectionCondition(selection, actor);
    await requireOwnerSeesAll(tx, holdId, { path: "selection", unseenBefore, coming });
    const { held, widened, broughtBack, tooLate, finished, audits } = placed;
    await enqueueHoldWork(tx, { holdId, finished });
    const result: PlacedHold = { holdId, held, widened, broughtBack, tooLate, finished };
    const kind = "wholeCalls" in selection ? "whole_calls" : "filters" in selection ? "search" : "chosen";
    return { result, audits: [extensionEvent(holdId, kind, placed), ...audits] };
  },
});
