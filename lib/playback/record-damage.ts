import { and, eq, isNull } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { takeDenialQuota } from "@/lib/operation/denial-quota";
import { playbackGrants } from "@/lib/db/schema";
import { remakeCopy } from "@/lib/media/playable-copies/enqueue-copy";
import { command } from "@/lib/operation/operation";

/**
 * Records that a recording could not be played because the stored object is damaged: altered, truncated, replaced, or
 * without its key. A damaged playable copy is made again. The grant keeps the reason for the player, whose audio
 * element only sees a broken connection.
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
      .returning({ object: playbackGrants.object });
    const isCopy = grant?.object === "playable_copy";
    if (isCopy) await remakeCopy(tx, recordingId);
    if (!takeDenialQuota(`unreadable ${grantId}`)) return { result: null, unchanged: true };
    const target = { type: "recording", id: recordingId, unitId };
    return {
      result: null,
      audits: [
        auditEvent("recording.playback_refused", {
          outcome: "failure",
          target,
          details: { grantId, code, ...(isCopy ? { object: "playable_copy" } : {}) },
        }),
      ],
    };
  },
});
