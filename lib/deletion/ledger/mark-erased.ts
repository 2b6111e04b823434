import { and, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { recordings } from "@/lib/db/schema/recordings";
import { erasureSchema } from "@/lib/deletion/ledger/ledger-entry";
import { command } from "@/lib/operation/operation";
import { idList } from "@/lib/db/id-list";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { callers } from "@/lib/deletion/callers";
import { setDeleting } from "@/lib/deletion/mark-for-deletion";
import { codeSuccessorOf, currentName } from "@/lib/operation/audit-actions";

/**
 * The caller `replay`: marks recordings that a restore brought back although the ledger has them as erased. Holds and
 * legal minimums of the restored database do not stop it, since the audio was deleted; the event names them.
 */
export const markErased = command({
  permission: "erasure-ledger:replay",
  input: z.object({
    sequence: z.int().positive(),
    deletedAt: z.iso.datetime(),
    erasures: z.array(erasureSchema).min(1),
  }),
  audits: ["recording.marked_for_deletion"],
  run: async ({ tx, input: { sequence, deletedAt, erasures } }) => {
    const entries = new Map(erasures.map((erasure) => [erasure.recordingId, erasure]));
    const back = await tx
      .select({
        id: recordings.id,
        state: recordings.state,
        unitId: recordings.unitId,
        held: sql<boolean>`${isHeld()}`,
        beforeMinimum: sql<boolean>`coalesce(${recordings.minimumUntil} > now(), false)`,
      })
      .from(recordings)
      .where(
        and(
          sql`${recordings.id} = any(${idList([...entries.keys()])})`,
          inArray(recordings.state, [...callers.replay.selects]),
        ),
      )
      .orderBy(recordings.id)
      .for("update");
    const marks = back.map(({ id }) => {
      const { reason, orderId } = entries.get(id)!;
      return { id, reason: reason && currentName(codeSuccessorOf, reason), orderId, erasingAt: new Date(deletedAt) };
    });
    await setDeleting(tx, marks, sql`true`);
    const reasons = new Map(marks.map(({ id, reason }) => [id, reason]));
    const events = back
      .filter(({ state }) => state !== "deleting")
      .map(({ id, state, unitId, held, beforeMinimum }) => {
        const [{ orderId }, reason] = [entries.get(id)!, reasons.get(id) ?? null];
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
    const result = { recordingIds: back.map(({ id }) => id) };
    const [first, ...others] = events;
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});
