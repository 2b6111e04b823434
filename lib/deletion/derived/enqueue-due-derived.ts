import { or, sql } from "drizzle-orm";
import { z } from "zod";
import { today } from "@/lib/core/time";
import { derivedRecordings } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";

/**
 * Asks for the deletion of derived files whose date has passed and that have no job: in a database that was restored,
 * or after their job failed for good. Answers how many.
 */
export const enqueueDueDerived = command({
  permission: "recording:retire",
  input: z.object({ limit: z.int().min(1).max(1000).default(500) }),
  // The job writes the event of what it deleted.
  audits: [],
  run: async ({ tx, input: { limit } }) => {
    const { id, keepUntil, state } = derivedRecordings;
    const due = await tx
      .select({ id })
      .from(derivedRecordings)
      .where(or(sql`${state} = 'deleting'`, sql`${state} <> 'deleted' and ${keepUntil} < ${today()}`))
      .orderBy(keepUntil, id)
      .limit(limit);
    await enqueueMissingJobs(
      tx,
      due.map(({ id: derivedId }) => ({ kind: "derived_audio_deletion", key: derivedId, payload: { derivedId } })),
    );
    return { result: { due: due.length }, unchanged: true as const };
  },
});
