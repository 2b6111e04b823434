import type { OperationContext } from "@/lib/operation/operation";
import pLimit from "p-limit";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { log } from "@/lib/core/log";
import { completeUpload } from "@/lib/uploads/complete-upload";
import { listTicketsToReconcile, type TicketToReconcile } from "@/lib/uploads/reconcile/list-tickets-to-reconcile";
import { postponeTicket } from "@/lib/uploads/reconcile/postpone-ticket";
import { sweepUploadTicket } from "@/lib/uploads/reconcile/sweep-upload-ticket";
import { rejectionCodes } from "@/lib/uploads/upload-verdict";

/** Error for work that did not end in time. */
class OutOfTime extends Error {
  override readonly name = "OutOfTime";
}

const pageSize = 200;

/** Tickets processed at once: a ticket whose store does not answer occupies one slot and does not block the queue. */
const concurrency = 4;

/** Time limit of the first attempt. Each further attempt gets as much more, for a large object that is read back. */
const stepLimitMs = 10_000;

type TicketOutcome = "completed" | "rejected" | "swept" | "failed";

type Bounds = { deadline: number; stepLimitMs?: number };

/** Codes that reject an upload. After any other error (no retention policy, store unavailable) a later run retries. */
const rejections: ReadonlySet<ErrorCode> = new Set([
  "ticket_expired",
  "ticket_used",
  "upload_conflict",
  "upload_ambiguous",
  ...rejectionCodes,
]);

export type ReconciliationCounts = { completed: number; rejected: number; swept: number; failed: number };

export type UploadLimits = { timeLimitMs?: number; stepLimitMs?: number };

/**
 * Finishes interrupted uploads: completes uploads that were sent, rejects expired ones, sweeps abandoned keys.
 * Finishing and sweeping run in parallel, within `timeLimitMs`. A later run retries what failed or is left.
 */
export async function reconcileUploads(
  context: OperationContext,
  { timeLimitMs = 50_000, stepLimitMs }: UploadLimits = {},
): Promise<ReconciliationCounts> {
  const deadline = Date.now() + timeLimitMs;
  const [finished, swept] = await Promise.all([
    reconcileTickets(context, "finish", { deadline, stepLimitMs }),
    reconcileTickets(context, "sweep", { deadline, stepLimitMs }),
  ]);
  return {
    completed: finished.completed,
    rejected: finished.rejected,
    swept: swept.swept,
    failed: finished.failed + swept.failed,
  };
}

/**
 * Finishes uploads, or sweeps the keys of closed tickets. Postpones those that fail or time out; `deadline` (ms since
 * 1970) leaves unfinished ones unchanged.
 */
async function reconcileTickets(
  context: OperationContext,
  work: "finish" | "sweep",
  bounds: Bounds,
): Promise<Record<TicketOutcome, number>> {
  const counts = { completed: 0, rejected: 0, swept: 0, failed: 0 };
  const completed = new Set<string>();
  const limit = pLimit(concurrency);
  const tickets = await listTicketsToReconcile(context, { work, limit: pageSize });
  const attempt = async (ticket: TicketToReconcile) => {
    if (Date.now() >= bounds.deadline) return;
    const outcome = await reconcileTicket(context, work, ticket, bounds);
    // Two tickets of one recording may both be answered that it is stored: one upload was completed.
    if (outcome === "completed" && completed.has(ticket.recordingId)) return;
    if (outcome === "completed") completed.add(ticket.recordingId);
    counts[outcome] += 1;
  };
  await Promise.all(tickets.map((ticket) => limit(attempt, ticket)));
  return counts;
}

async function reconcileTicket(
  context: OperationContext,
  work: "finish" | "sweep",
  ticket: TicketToReconcile,
  { deadline, stepLimitMs: firstLimitMs = stepLimitMs }: Bounds,
): Promise<TicketOutcome> {
  const { ticketId, attempts } = ticket;
  const limitMs = Math.min(firstLimitMs * (attempts + 1), deadline - Date.now());
  try {
    return await withinTime(limitMs, () =>
      work === "finish" ? finishUpload(context, ticket) : sweep(context, ticketId),
    );
  } catch (error) {
    log.error({ error, ticketId, requestId: context.requestId }, "a reconciliation step failed");
    const isCutShort = error instanceof OutOfTime && limitMs < firstLimitMs;
    if (!isCutShort) await postponeTicket(context, { ticketId, work, attempts });
    return "failed";
  }
}

async function finishUpload(
  context: OperationContext,
  { recordingId, ticketId }: TicketToReconcile,
): Promise<"completed" | "rejected"> {
  try {
    await completeUpload(context, { recordingId, ticketId });
    return "completed";
  } catch (error) {
    if (error instanceof AppError && rejections.has(error.code)) return "rejected";
    throw error;
  }
}

async function sweep(context: OperationContext, ticketId: string): Promise<"swept"> {
  await sweepUploadTicket(context, { ticketId });
  return "swept";
}

/**
 * Waits for work for at most `limitMs`. Slower work is not stopped: it continues, so its writes must be conditional.
 * @throws OutOfTime, and the errors of the work.
 */
async function withinTime<Result>(limitMs: number, work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new OutOfTime(`not done within ${limitMs} ms`)), limitMs);
  });
  return Promise.race([work(), limit]).finally(() => clearTimeout(timer));
}
