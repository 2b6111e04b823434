import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { derivedRecordings, recordings } from "@/lib/db/schema";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { command } from "@/lib/operation/operation";

/**
 * Records that the object of derived audio is about to be written, as `beginCopyStorage` does: until that ends, or its
 * time is over, its deletion and that of the recording wait.
 * @returns `waitMs`: time until an earlier attempt can no longer write; `hasBegunBefore`: it may have left an object.
 * Null: the recording is no longer kept, or the audio is no longer wanted.
 */
export const beginDerivedStorage = command({
  permission: "recording:make-derived-audio",
  input: z.object({ derivedId: z.uuid(), lease: jobLease, forMs: z.int().positive() }),
  audits: [],
  run: async ({ tx, input: { derivedId, lease, forMs } }) => {
    await requireLease(tx, lease);
    const isThis = eq(derivedRecordings.id, derivedId);
    const recordingId = tx.select({ id: derivedRecordings.recordingId }).from(derivedRecordings).where(isThis);
    const kept = await tx
      .select({ id: recordings.id })
      .from(recordings)
      .where(and(eq(recordings.id, sql`(${recordingId})`), eq(recordings.state, "stored")))
      .for("update");
    const [file] = await tx
      .select({
        state: derivedRecordings.state,
        waitMs: sql<number>`greatest(0, extract(epoch from ${derivedRecordings.storingUntil} - now()) * 1000)::float8`,
      })
      .from(derivedRecordings)
      .where(and(isThis, inArray(derivedRecordings.state, ["waiting", "storing"])))
      .for("update");
    if (kept.length === 0 || !file) return { result: null, unchanged: true as const };
    const result = { waitMs: Math.ceil(file.waitMs), hasBegunBefore: file.state === "storing" };
    if (result.waitMs > 0) return { result, unchanged: true as const };
    const storingUntil = sql`now() + ${forMs} * interval '1 millisecond'`;
    await tx.update(derivedRecordings).set({ state: "storing", storingUntil }).where(isThis);
    return { result, unchanged: true as const };
  },
});
