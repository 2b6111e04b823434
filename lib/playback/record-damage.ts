import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import type { Transaction } from "@/lib/db/client";
import { derivedRecordings, playbackGrants } from "@/lib/db/schema";
import { remakeCopy } from "@/lib/media/playable-copies/enqueue-copy";
import { command } from "@/lib/operation/operation";

/**
 * Records that a recording could not be played because the stored object is damaged: altered, truncated, replaced, or
 * without its key. A damaged playable copy is made again; derived audio, when somebody asks for it again. The grant
 * keeps the reason for the player, whose audio element only sees a broken connection.
 */
export const recordDamage = command({
  permission: "playback:open",
  input: z.object({
    grantId: z.uuid(),
    recordingId: z.uuid(),
    unitId: z.uuid(),
    code: z.string().regex(/^[a-z_]{1,40}$/),
  }),
  audits: ["recording.playback_refused"],
  run: async ({ tx, input: { grantId, recordingId, unitId, code } }) => {
    const [grant] = await tx
      .update(playbackGrants)
      .set({ damageCode: code })
      .where(and(eq(playbackGrants.id, grantId), isNull(playbackGrants.damageCode)))
      .returning({ object: playbackGrants.object, derivedId: playbackGrants.derivedRecordingId });
    const made = grant && grant.object !== "original" ? grant.object : null;
    if (made === "playable_copy") await remakeCopy(tx, recordingId);
    if (grant?.derivedId) await failDerived(tx, grant.derivedId);
    if (!takeDenialQuota(`unreadable ${grantId}`)) return { result: null, unchanged: true };
    const target = { type: "recording", id: recordingId, unitId };
    return {
      result: null,
      audits: [
        auditEvent("recording.playback_refused", {
          outcome: "failure",
          target,
          details: { grantId, code, ...(made ? { object: made } : {}) },
        }),
      ],
    };
  },
});

function failDerived(tx: Transaction, derivedId: string) {
  return tx
    .update(derivedRecordings)
    .set({ state: "failed", failureCode: "damaged" })
    .where(and(eq(derivedRecordings.id, derivedId), eq(derivedRecordings.state, "ready")));
}
