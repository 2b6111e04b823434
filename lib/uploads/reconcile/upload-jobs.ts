import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { uploadTickets } from "@/lib/db/schema";
import type { JobHandler } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { query, type OperationContext } from "@/lib/operation/operation";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { pendingWork, uploadJobKinds, type UploadJobKind } from "@/lib/uploads/reconcile/pending-work";
import { sweepUploadTicket } from "@/lib/uploads/reconcile/sweep-upload-ticket";
import { rejectionCodes } from "@/lib/uploads/upload-verdict";

/** Codes that reject an upload. After any other error (no retention policy, store unavailable) the job is retried. */
const rejections: ReadonlySet<ErrorCode> = new Set([
  "ticket_expired",
  "ticket_used",
  "upload_conflict",
  "upload_ambiguous",
  "already_deleted",
  ...rejectionCodes,
]);

export type UploadOutcome = "completed" | "rejected" | "swept";

/** `recordingId`: for a completion, the recording that has the content. */
type Ended = { outcome: UploadOutcome; recordingId: string };

export type UploadJobOptions = {
  /** Called for each ticket that a job finished or swept. */
  onOutcome?: (outcome: UploadOutcome, recordingId: string) => void;
  /** Limit of the first attempt, default 10 seconds: a store that answers for some uploads only delays few others. */
  firstLimitMs?: number;
  /** Each attempt gets `firstLimitMs` more, for a large object that is read back, up to this. Default 5 minutes. */
  longestLimitMs?: number;
};

/**
 * Handlers of the jobs that finish interrupted uploads and sweep abandoned keys. Never given up: content that was sent
 * must come into custody, and content that was rejected must go. An attempt that exceeds its limit fails but is not
 * stopped: it continues, so its writes are conditional.
 */
export function uploadJobs({
  onOutcome = () => undefined,
  firstLimitMs = 10_000,
  longestLimitMs = 5 * 60_000,
}: UploadJobOptions = {}) {
  const job = <Kind extends UploadJobKind>(
    kind: Kind,
    work: (ticket: PendingTicket) => Promise<Ended>,
  ): JobHandler<Kind> => ({
    concurrency: 4,
    maxTries: Infinity,
    timeLimitMs: (tries) => Math.min(firstLimitMs * tries, Math.max(firstLimitMs, longestLimitMs)),
    run: async ({ payload: { ticketId } }) => {
      const context = jobContext("reconcile");
      const pending = await readPendingTicket(context, { kind, ticketId });
      if (!pending) return;
      const { outcome, recordingId } = await work({ context, ticketId, ...pending });
      onOutcome(outcome, recordingId);
    },
  });
  return {
    upload_completion: job("upload_completion", finishUpload),
    upload_sweep: job("upload_sweep", async ({ context, ticketId, recordingId }) => {
      await sweepUploadTicket(context, { ticketId });
      return { outcome: "swept", recordingId };
    }),
  };
}

type PendingTicket = { context: OperationContext; ticketId: string; recordingId: string };

async function finishUpload({ context, ticketId, recordingId }: PendingTicket): Promise<Ended> {
  try {
    const stored = await completeUpload(context, { recordingId, ticketId });
    return { outcome: "completed", recordingId: stored.id };
  } catch (error) {
    if (error instanceof AppError && rejections.has(error.code)) return { outcome: "rejected", recordingId };
    throw error;
  }
}

/** The recording of a ticket that still has this work; null when its sender or another process has done it. */
export const readPendingTicket = query({
  permission: "upload:reconcile",
  input: z.object({ kind: z.enum(uploadJobKinds), ticketId: z.uuid() }),
  run: async ({ db, input: { kind, ticketId } }) => {
    const [ticket] = await db
      .select({ recordingId: uploadTickets.recordingId })
      .from(uploadTickets)
      .where(and(eq(uploadTickets.id, ticketId), pendingWork[kind]));
    return ticket ?? null;
  },
});
