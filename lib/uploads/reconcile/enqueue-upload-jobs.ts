import { and, asc, eq, isNull, notExists, sql } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { jobs, uploadTickets } from "@/lib/db/schema";
import { enqueueMissingJobs } from "@/lib/jobs/enqueue-job";
import { command } from "@/lib/operation/operation";
import { pendingWork, uploadJobKinds, type UploadJobKind } from "@/lib/uploads/reconcile/pending-work";

/** Tickets of each kind of work that one call enqueues. Later calls enqueue the others. */
const pageSize = 200;

/**
 * Enqueues jobs for interrupted uploads and abandoned keys, oldest first. Tickets get their job here and not when they
 * are issued, which would slow down every upload. Tickets with a job are passed over, so failing ones delay no others.
 */
export const enqueueUploadJobs = command({
  permission: "upload:reconcile",
  input: z.object({}),
  audits: [],
  run: async ({ tx }) => {
    for (const kind of uploadJobKinds) await enqueuePage(tx, kind);
    return { result: null, unchanged: true };
  },
});

async function enqueuePage(tx: Transaction, kind: UploadJobKind): Promise<void> {
  const { id, expiresAt } = uploadTickets;
  const job = tx
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(eq(jobs.kind, kind), eq(jobs.key, sql`${id}::text`), isNull(jobs.deadAt)));
  const tickets = await tx
    .select({ ticketId: id, expiresAt })
    .from(uploadTickets)
    .where(and(pendingWork[kind], notExists(job)))
    .orderBy(asc(expiresAt), asc(id))
    .limit(pageSize);
  // Due since the ticket expired: the oldest first, and each before the repetitions of failed attempts.
  const missing = tickets.map(({ ticketId, expiresAt: runAt }) => ({
    ...{ kind, key: ticketId, runAt },
    payload: { ticketId },
  }));
  await enqueueMissingJobs(tx, missing);
}
