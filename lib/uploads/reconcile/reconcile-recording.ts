import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import { uploadTickets } from "@/lib/db/schema";
import { runJobHere } from "@/lib/jobs/run-job-here";
import { query, type OperationContext } from "@/lib/operation/operation";
import { pendingWork, uploadJobKinds } from "@/lib/uploads/reconcile/pending-work";
import { uploadJobs } from "@/lib/uploads/reconcile/upload-jobs";

/**
 * Does in this call what the tickets of one recording still need, under the leases of their jobs.
 * @returns null when another process has one of the jobs.
 * @throws what the work throws; the job then waits for its next attempt.
 */
export async function reconcileRecording(
  context: OperationContext,
  { recordingId, signal }: { recordingId: string; signal: AbortSignal },
): Promise<{ tickets: number } | null> {
  const handlers = uploadJobs();
  const pending = await listPendingTickets(context, { recordingId });
  for (const { kind, ticketId } of pending) {
    const payload = { ticketId };
    const ended = await runJobHere(
      { kind, key: ticketId, payload, signal },
      async (run) => ({ result: true, outcome: await handlers[kind].run({ ...run, payload }) }),
      handlers[kind],
    );
    if (!ended) return null;
  }
  return { tickets: pending.length };
}

/** The tickets of a recording that have work for a job, uploads to finish first. */
export const listPendingTickets = query({
  permission: "upload:reconcile",
  input: z.object({ recordingId: z.uuid() }),
  run: async ({ db, input: { recordingId } }) => {
    const ofKind = uploadJobKinds.map(async (kind) => {
      const tickets = await db
        .select({ ticketId: uploadTickets.id })
        .from(uploadTickets)
        .where(and(eq(uploadTickets.recordingId, recordingId), pendingWork[kind]))
        .orderBy(asc(uploadTickets.id));
      return tickets.map(({ ticketId }) => ({ kind, ticketId }));
    });
    return (await Promise.all(ofKind)).flat();
  },
});
