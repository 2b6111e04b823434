import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordings } from "@/lib/db/schema/recordings";
import { erasureSchema } from "@/lib/deletion/ledger/ledger-entry";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { revokeGrants } from "@/lib/deletion/revoke-grants";

/**
 * Marks what a restore brought back and the ledger says is gone: any state but `deleted` becomes `deleting`. Holds and minimums that
 * the old database shows do not stop it, since the audio was really deleted; the event says so.
 */
export const markErased = command({
  permission: "erasure-ledger:replay",
  input: z.object({ sequence: z.int().positive(), erasures: z.array(erasureSchema).min(1) }),
  audits: ["recording.marked_for_deletion"],
  run: async ({ tx, input: { sequence, erasures } }) => {
    const told = new Map(erasures.map((erasure) => [erasure.recordingId, erasure]));
    const back = await tx
      .select({
        id: recordings.id,
        state: recordings.state,
        unitId: recordings.unitId,
        held: sql<boolean>`${isHeld()}`,
        beforeMinimum: sql<boolean>`coalesce(${recordings.minimumUntil} > now(), false)`,
      })
      .from(recordings)
      .where(sql`${recordings.id} = any(${idList([...told.keys()])}) and ${recordings.state} <> 'deleted'`)
      .orderBy(recordings.id)
      .for("update");
    for (const { id } of back) {
      const { reason, orderId } = told.get(id)!;
      await tx
        .update(recordings)
        .set({
          state: "deleting",
          deletingAt: sql`coalesce(${recordings.deletingAt}, now())`,
          deletionReason: reason,
          deletionOrderId: orderId,
          deletionRetryAt: null,
        })
        .where(eq(recordings.id, id));
    }
    const ids = back.map(({ id }) => id);
    await revokeGrants(tx, ids);
    const events = back
      .filter(({ state }) => state !== "deleting")
      .map(({ id, state, unitId, held, beforeMinimum }) => {
        const { reason, orderId } = told.get(id)!;
        const details = {
          reason,
          ...(orderId === null ? {} : { orderId }),
          ledgerSequence: sequence,
          replayed: true,
          previousState: state,
          held,
          beforeMinimum,
        };
        return auditEvent("recording.marked_for_deletion", { target: { type: "recording", id, unitId }, details });
      });
    const result = { recordingIds: ids };
    const [first, ...others] = events;
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});
