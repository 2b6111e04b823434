import { log } from "@/lib/core/log";
import { codeOf } from "@/lib/jobs/job-outcome";
import type { JobHandler, JobOutcome } from "@/lib/jobs/job-handler";
import { jobContext } from "@/lib/operation/job-context";
import { openSiemBatch, type SiemBatch } from "@/lib/notifications/siem/open-siem-batch";
import { recordSiemDelivery, type SiemDelivery } from "@/lib/notifications/siem/record-siem-delivery";
import { otlpRequest, rejectedOf } from "@/lib/notifications/siem/otlp-request";
import { postRequest, type PostRequest } from "@/lib/notifications/post-request";
import { receiverName, siemReceiver, type SiemReceiver } from "@/lib/notifications/siem/siem-receiver";
import { startSiemStream } from "@/lib/notifications/siem/start-siem-stream";
import { webhookRequest } from "@/lib/notifications/siem/webhook-request";

const idlePauseMs = 5_000;
const shortestPauseMs = 5_000;
const longestPauseMs = 10 * 60_000;
/** A receiver cannot ask for a longer pause. */
const longestRetryAfterMs = 60 * 60_000;
const timeoutMs = 30_000;
/** The time that a request under way gets to be answered when the process stops. Less than the runner waits. */
const lastAnswerMs = 5_000;
/** Less than an attempt may take, so that its time limit never ends a request. */
const attemptMs = 5 * 60_000;
const replyBytes = 64 * 1024;
const keptReply = 300;

/**
 * Sends sealed events to the SIEM, batch after batch, and looks for new ones every few seconds. The job never ends
 * while there is a receiver. A process that is killed after the answer and before it is recorded leaves the batch to
 * the next one, which sends the same events under the same id. Events wait in the log: nothing is kept in memory, and
 * nothing is given up. If a process stops during a request, no other one sends before the lease ends: the receiver may
 * still work on the request.
 */
export const siemStreamJob: JobHandler<"siem_stream"> = {
  maxTries: Infinity,
  retryDelayMs: (tries) => pauseMs(tries),
  keepsLeaseAfter: (failure) => failure === "interrupted" || failure === "timed_out",
  run: async ({ signal }) => {
    const receiver = siemReceiver();
    if (!receiver) return;
    await startSiemStream(context(), { receiver: receiverName(receiver) });
    const until = Date.now() + attemptMs;
    while (!signal.aborted && Date.now() < until) {
      const outcome = await sendNext(receiver, signal);
      if (outcome) return outcome;
    }
    return { again: 0 };
  },
};

const context = () => jobContext("siem-stream");

const pauseMs = (failures: number) =>
  Math.min(shortestPauseMs * 2 ** Math.min(Math.max(failures - 1, 0), 20), longestPauseMs);

/** Sends a batch and records what became of it. Returns the end of the attempt, or nothing if it goes on. */
async function sendNext(receiver: SiemReceiver, signal: AbortSignal): Promise<JobOutcome> {
  let batch: SiemBatch | null = null;
  try {
    batch = await openSiemBatch(context(), {});
    if (!batch) return { again: idlePauseMs };
    const { delivery, retryAfterMs } = await deliver(receiver, batch, signal);
    if (delivery.outcome === "failed" && delivery.code === "interrupted") return { failure: "interrupted" };
    const { failures } = await recordSiemDelivery(context(), { batch, delivery });
    return delivery.outcome === "failed" ? { again: Math.max(pauseMs(failures), retryAfterMs) } : undefined;
  } catch (error) {
    log.error({ error }, "a batch of events could not be sent to the SIEM, or its delivery not be recorded");
    const delivery = { outcome: "failed", code: codeOf(error) } as const;
    const { failures } = await recordSiemDelivery(context(), { batch, delivery });
    return { again: pauseMs(failures) };
  }
}

async function deliver(
  receiver: SiemReceiver,
  batch: SiemBatch,
  stopping: AbortSignal,
): Promise<{ delivery: SiemDelivery; retryAfterMs: number }> {
  const isOtlp = receiver.format === "otlp";
  const request = isOtlp ? await otlpRequest(receiver, batch.events) : webhookRequest(receiver, batch.events);
  const { failure, retryAfterMs, ...answer } = await postUntil(stopping, request);
  if (failure !== null)
    return {
      delivery: { outcome: "failed", code: failure },
      retryAfterMs: Math.min(retryAfterMs ?? 0, longestRetryAfterMs),
    };
  const { rejected, message } = isOtlp ? rejectedOf(answer, batch.events.length) : { rejected: 0, message: null };
  return {
    delivery: { outcome: "taken", rejected, reply: message?.slice(0, keptReply) ?? null },
    retryAfterMs: 0,
  };
}

/** Posts a request, and ends it a while after the process began to stop. */
async function postUntil(stopping: AbortSignal, request: PostRequest) {
  const [ending, answered] = [new AbortController(), new AbortController()];
  const end = () => void setTimeout(() => ending.abort(), lastAnswerMs).unref();
  stopping.addEventListener("abort", end, { once: true, signal: answered.signal });
  if (stopping.aborted) end();
  try {
    return await postRequest(request, { timeoutMs, replyBytes, signal: ending.signal });
  } finally {
    answered.abort();
  }
}
