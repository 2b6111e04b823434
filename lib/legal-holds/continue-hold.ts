import { eq } from "drizzle-orm";
import { z } from "zod";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { extensionEvent } from "@/lib/legal-holds/placement/extension-event";
import { placeNextBatch } from "@/lib/legal-holds/placement/place-next-batch";
import { releaseNextBatch } from "@/lib/legal-holds/release/release-next-batch";
import { placementAudits } from "@/lib/legal-holds/placement/place-on-recordings";
import { command } from "@/lib/operation/operation";

/** Places or releases the next batch of a hold, and answers whether it was the last. */
export const continueHold = command({
  permission: "legal-hold:continue",
  input: z.object({ holdId: z.uuid() }),
  audits: ["legal_hold.extended", "legal_hold.widened", ...placementAudits, "recording.hold_released"],
  run: async ({ tx, input: { holdId } }) => {
    const [hold] = await tx.select().from(legalHolds).where(eq(legalHolds.id, holdId)).for("no key update");
    if (hold && hold.placement !== null) {
      const placed = await placeNextBatch(tx, hold);
      const kind = hold.placement.filters === null ? "whole_calls" : "search";
      return {
        result: { finished: placed.finished },
        audits: [extensionEvent(holdId, kind, placed), ...placed.audits],
      };
    }
    if (!hold) return { result: { finished: true }, unchanged: true as const };
    const { finished, audits } = await releaseNextBatch(tx, hold);
    const [first, ...others] = audits;
    return first
      ? { result: { finished }, audits: [first, ...others] }
      : { result: { finished }, unchanged: true as const };
  },
});
