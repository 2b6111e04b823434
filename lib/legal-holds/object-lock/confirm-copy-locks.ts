import { eq, sql } from "drizzle-orm";
import { z } from "zod";
import { idList } from "@/lib/db/id-list";
import { playableCopies, recordings } from "@/lib/db/schema";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/**
 * Records the playable copies that the store has locked and unlocked. One whose recording was held or released
 * meanwhile stays to be changed.
 * @throws AppError `conflict` when another process has taken over the job.
 */
export const confirmCopyLocks = command({
  permission: "legal-hold:lock-objects",
  input: z.object({
    lease: jobLease,
    locked: z.array(z.uuid()).max(500),
    unlocked: z.array(z.uuid()).max(500),
  }),
  audits: ["recording.object_locked", "recording.object_unlocked"],
  run: async ({ tx, input: { lease, locked, unlocked } }) => {
    const ids = sql`${recordings.id} = any(${idList([...locked, ...unlocked])})`;
    // In order of id, as everywhere.
    const rows = await tx
      .select({ id: recordings.id, unitId: recordings.unitId, lockState: playableCopies.lockState })
      .from(recordings)
      .innerJoin(playableCopies, eq(playableCopies.recordingId, recordings.id))
      .where(ids)
      .orderBy(recordings.id)
      .for("update");
    const held = await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(sql`${ids} and ${isHeld()}`);
    const heldIds = new Set(held.map(({ id }) => id));
    const on = rows.filter(({ id }) => locked.includes(id) && heldIds.has(id));
    const off = rows.filter(({ id }) => unlocked.includes(id) && !heldIds.has(id));
    const set = (of: typeof rows, state: "locked" | null) =>
      tx
        .update(playableCopies)
        .set({ lockState: state })
        .where(sql`${playableCopies.recordingId} = any(${idList(of.map(({ id }) => id))})`);
    await Promise.all([set(on, "locked"), set(off, null)]);
    await requireLease(tx, lease);
    const about = ({ id, unitId }: (typeof rows)[number]) => ({
      target: { type: "recording", id, unitId },
      details: { object: "playable_copy" },
    });
    const events = [
      // Released from one of several holds, it has been locked all the time.
      ...on
        .filter(({ lockState }) => lockState === "to_lock")
        .map((row) => auditEvent("recording.object_locked", about(row))),
      ...off.map((row) => auditEvent("recording.object_unlocked", about(row))),
    ];
    const result = { locked: on.length, unlocked: off.length };
    const [first, ...others] = events;
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});
