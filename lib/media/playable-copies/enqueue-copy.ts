import { and, eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { playableCopies } from "@/lib/db/schema";
import { enqueueJob, enqueueJobs } from "@/lib/jobs/enqueue-job";
import { copyKeyOf, getsCopy } from "@/lib/media/playable-copies/copy-need";

/** A recording that has just been stored. */
export type NewlyStored = {
  id: string;
  objectKey: string;
  contentType: string;
  codec: string | null;
  isJoined: boolean;
};

/** In the transaction that stores recordings: asks for the copies of those that browsers do not play. */
export async function enqueueCopies(tx: Transaction, stored: readonly NewlyStored[]): Promise<void> {
  const needed = stored
    .filter((recording) => getsCopy(recording))
    .map(({ id, objectKey }) => ({ recordingId: id, objectKey: copyKeyOf(objectKey) }));
  if (needed.length === 0) return;
  await Promise.all([
    tx.insert(playableCopies).values(needed).onConflictDoNothing(),
    enqueueJobs(
      tx,
      needed.map(({ recordingId }) => ({ kind: "playable_copy", key: recordingId, payload: { recordingId } })),
    ),
  ]);
}

/** The object of a copy is missing or was altered: it is made again from the original. */
export async function remakeCopy(tx: Transaction, recordingId: string): Promise<void> {
  // `storing`: the next attempt first removes what lies under the key.
  const asked = await tx
    .update(playableCopies)
    .set({ state: "storing", storingUntil: null })
    .where(and(eq(playableCopies.recordingId, recordingId), eq(playableCopies.state, "ready")))
    .returning({ recordingId: playableCopies.recordingId });
  if (asked.length > 0) await enqueueJob(tx, { kind: "playable_copy", key: recordingId, payload: { recordingId } });
}
