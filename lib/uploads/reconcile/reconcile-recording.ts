import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { query, type OperationContext } from "@/lib/operation/operation";
import { pendingWork, uploadJobKinds } from "@/lib/uploads/reconcile/pending-work";
import { uploadJobs } from "@/lib/uploads/reconcile/upload-jobs";

/**
 * Does in this call what the tickets of one recording still need, under the leases of their jobs: an upload that is
 * refused is swept at once.
 * @returns null when another process has one of the jobs.
 * @throws what the work throws; the job then waits for its next attempt.
 */
export async function reconcileRecording(
  context: OperationContext,
  { recordingId, signal }: { recordingId: string; signal: AbortSignal },
): Promise<{ tickets: number } | null> {
  const handlers = uploadJobs();
  let tickets = 0;
  for (const kind of uploadJobKinds)
    for (const ticketId of await listPendingTickets(context, { recordingId, kind })) {
      const payload = { ticketId };
      const ended = await runJobHere(
        { kind, key: ticketId, payload, signal },
        async (run) => ({ result: true, outcome: await handlers[kind].run({ ...run, payload }) }),
        handlers[kind],
      );
      if (!ended) return null;
      tickets += 1;
    }
  return { tickets };
}

/** The tickets of a recording that have work for the jobs of a kind. */
export const listPendingTickets = query({
  permission: "upload:reconcile",
  input: z.object({ recordingId: z.uuid(), kind: z.enum(uploadJobKinds) }),
  run: async ({ db, input: { recordingId, kind } }) => {
    const tickets = await db
      .select({ ticketId: uploadTickets.id })
      .from(uploadTickets)
      .where(and(eq(uploadTickets.recordingId, recordingId), pendingWork[kind]))
      .orderBy(asc(uploadTickets.id));
    return tickets.map(({ ticketId }) => ticketId);
  },
});
