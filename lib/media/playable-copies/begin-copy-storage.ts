import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { playableCopies, recordings } from "@/lib/db/schema";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { command } from "@/lib/operation/operation";

/**
 * Records that an object of a copy is about to be written. Until that ends, or its time is over, an erasure of the
 * recording waits: bytes that arrived after the proof of absence would stay.
 * @returns `waitMs`: time until an earlier attempt can no longer write; `hasBegunBefore`: it may have left an
 * object; `earlierVersionId`: of a copy that was stored, and may be locked. Null: the recording is no longer kept, or
 * needs no copy.
 */
export const beginCopyStorage = command({
  permission: "recording:make-playable-copy",
  input: z.object({ recordingId: z.uuid(), lease: jobLease, forMs: z.int().positive() }),
  audits: [],
  run: async ({ tx, input: { recordingId, lease, forMs } }) => {
    await requireLease(tx, lease);
    const kept = await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(eq(recordings.id, recordingId), eq(recordings.state, "stored")))
      .for("update");
    const waitMs = sql<number>`(extract(epoch from ${playableCopies.storingUntil} - now()) * 1000)::float8`;
    const [copy] = await tx
      .select({ state: playableCopies.state, waitMs, earlierVersionId: playableCopies.objectVersionId })
      .from(playableCopies)
      .where(and(eq(playableCopies.recordingId, recordingId), inArray(playableCopies.state, ["waiting", "storing"])));
    if (kept.length === 0 || !copy) return { result: null, unchanged: true as const };
    const hasBegunBefore = copy.state === "storing";
    const { earlierVersionId } = copy;
    if (copy.waitMs !== null && copy.waitMs > 0)
      return { result: { waitMs: Math.ceil(copy.waitMs), hasBegunBefore, earlierVersionId }, unchanged: true as const };
    await tx
      .update(playableCopies)
      .set({ state: "storing", storingUntil: sql`now() + ${forMs} * interval '1 millisecond'` })
      .where(eq(playableCopies.recordingId, recordingId));
    return { result: { waitMs: 0, hasBegunBefore, earlierVersionId }, unchanged: true as const };
  },
});
