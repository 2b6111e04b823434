import { and, eq, isNull, ne, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { jobs, playableCopies, recordings } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { copyKeyOf, isToGetCopy } from "@/lib/media/playable-copies/copy-need";
import { command } from "@/lib/operation/operation";

/**
 * Asks for the copies of recordings that were stored before: by an earlier version, under another delivery, or in a
 * database that was restored. A copy that failed is tried again by another version of ffmpeg.
 * @param limit of copies that wait: recordings that arrive must not wait behind thousands of old ones.
 * @returns how many were asked for.
 */
export const enqueueMissingCopies = command({
  permission: "recording:make-playable-copy",
  input: z.object({ limit: z.int().min(1).max(1000).default(100), transcoder: z.string().nullable() }),
  // The job writes the event of what it made.
  audits: [],
  run: async ({ tx, input: { limit, transcoder } }) => {
    const { id, objectKey, state } = recordings;
    const mostMore = limit - (await countWaiting(tx, limit));
    if (mostMore <= 0) return { result: { enqueued: 0 }, unchanged: true as const };
    const isMissing = isNull(playableCopies.recordingId);
    const isOutdated = and(eq(playableCopies.state, "failed"), ne(playableCopies.transcoder, transcoder ?? ""));
    const needed = await tx
      .select({ id, objectKey })
      .from(recordings)
      .leftJoin(playableCopies, eq(playableCopies.recordingId, id))
      .where(and(eq(state, "stored"), isToGetCopy(), transcoder === null ? isMissing : or(isMissing, isOutdated)))
      .orderBy(sql`${recordings.storedAt} desc`, id)
      .limit(mostMore);
    if (needed.length === 0) return { result: { enqueued: 0 }, unchanged: true as const };
    await tx
      .insert(playableCopies)
      .values(needed.map((row) => ({ recordingId: row.id, objectKey: copyKeyOf(row.objectKey!) })))
      .onConflictDoUpdate({
        target: playableCopies.recordingId,
        set: { state: "waiting", failureCode: null, transcoder: null },
        setWhere: eq(playableCopies.state, "failed"),
      });
    await enqueueMissingJobs(
      tx,
      needed.map(({ id: recordingId }) => ({ kind: "playable_copy", key: recordingId, payload: { recordingId } })),
    );
    return { result: { enqueued: needed.length }, unchanged: true as const };
  },
});

async function countWaiting(tx: Transaction, most: number): Promise<number> {
  const isWaiting = and(eq(jobs.kind, "playable_copy"), isNull(jobs.deadAt));
  return (await tx.select({ id: jobs.id }).from(jobs).where(isWaiting).limit(most)).length;
}
