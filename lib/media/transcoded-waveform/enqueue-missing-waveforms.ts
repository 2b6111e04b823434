import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { jobs, recordings } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { isUndecoded } from "@/lib/media/transcoded-waveform/read-undecoded";
import { command } from "@/lib/operation/operation";

/**
 * Asks for the waveforms of recordings that the portal does not decode itself, the newest first.
 * @param limit of those that wait: recordings that arrive must not wait behind thousands of old ones.
 */
export const enqueueMissingWaveforms = command({
  permission: "recording:compute-waveform",
  input: z.object({ limit: z.int().min(1).max(1000).default(100) }),
  audits: [],
  run: async ({ tx, input: { limit } }) => {
    const mostMore = limit - (await countWaiting(tx, limit));
    const found =
      mostMore <= 0
        ? []
        : await tx
            .select({ recordingId: recordings.id })
            .from(recordings)
            .where(isUndecoded)
            .orderBy(sql`${recordings.storedAt} desc, ${recordings.id} desc`)
            .limit(mostMore);
    await enqueueMissingJobs(
      tx,
      found.map(({ recordingId }) => ({ kind: "transcoded_waveform", key: recordingId, payload: { recordingId } })),
    );
    return { result: null, unchanged: true as const };
  },
});

async function countWaiting(tx: Transaction, most: number): Promise<number> {
  const isWaiting = and(eq(jobs.kind, "transcoded_waveform"), isNull(jobs.deadAt));
  return (await tx.select({ id: jobs.id }).from(jobs).where(isWaiting).limit(most)).length;
}
