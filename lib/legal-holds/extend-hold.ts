import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { holdScope } from "@/lib/recordings/hold-scope";
import { holdSelection } from "@/lib/legal-holds/hold-input";
import { lockHold } from "@/lib/legal-holds/lock-hold";
import type { PlacedHold } from "@/lib/legal-holds/place-hold";
import { placeSelection } from "@/lib/legal-holds/placement/place-selection";
import { enqueueHoldWork } from "@/lib/legal-holds/hold-jobs";
import { placementAudits } from "@/lib/legal-holds/placement/place-on-recordings";
import { command } from "@/lib/operation/operation";

/**
 * Adds recordings to a hold in force. Those under it already stay as they are.
 * @throws AppError `not_found`, `nothing_to_hold`, `conflict` when it was released or a search is still being placed.
 */
export const extendHold = command({
  permission: "legal-hold:place",
  input: z.object({ holdId: z.uuid(), selection: holdSelection }),
  audits: ["legal_hold.extended", ...placementAudits],
  run: async ({ tx, actor, input: { holdId, selection } }) => {
    await lockHold(tx, holdId, holdScope(actor));
    const { held, broughtBack, tooLate, finished, audits } = await placeSelection(tx, actor, holdId, selection);
    const details = { bySearch: "filters" in selection, recordings: held, broughtBack, tooLate, finished };
    await enqueueHoldWork(tx, { holdId, finished });
    const result: PlacedHold = { holdId, held, broughtBack, tooLate, finished };
    return {
      result,
      audits: [auditEvent("legal_hold.extended", { target: { type: "legal_hold", id: holdId }, details }), ...audits],
    };
  },
});
