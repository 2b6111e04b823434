import { setTimeout as sleep } from "node:timers/promises";
import { anchorSeals } from "@/lib/audit/anchor";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { sealAuditLog, sealEvents } from "@/lib/audit/seal-audit-log";
import { publishTree } from "@/lib/audit/tree/publish-tree";
import { WriterCounter } from "@/lib/audit/writer-counter";
import { database } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import { configuredStore } from "@/lib/storage/configured-store";
import { processWide } from "@/lib/core/process-wide";

const sealIntervalMs = 200;

const anchorIntervalMs = 5_000;

/** So long the newest events of a process can be deleted with it and leave no counter. */
const counterIntervalMs = 5_000;

const pauseAfterFailureMs = 5_000;

export type Sealer = { stop: () => Promise<void> };

const holder = processWide as { custodiaSealer?: Sealer };

/**
 * Seals and anchors in the background of a long-running server: events within some 200 ms of their commit, anchors
 * every five seconds while there are new seals, and this process's own counter of events as often. Where no process
 * stays (serverless), `GET /api/cron/seal` seals and anchors, and no counter is left. Started once a process; `stop`
 * ends the current round, leaves the counter, closes the writer and seals and anchors once more.
 */
export function startSealer(): Sealer {
  if (holder.custodiaSealer) return holder.custodiaSealer;
  const stopping = new AbortController();
  const counter = new WriterCounter();
  const ended = Promise.all([run(stopping.signal), leaveCounters(counter, stopping.signal)]);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= finish());
  async function finish() {
    stopping.abort();
    await ended;
    await attempt(counterFailure, () => counter.leave(configuredStore(), database()));
    await attempt("the last sealing before the end failed", async () => {
      await closeAuditWriter();
      await sealAuditLog(configuredStore());
    });
    process.off("SIGTERM", stop).off("SIGINT", stop);
    holder.custodiaSealer = undefined;
  }
  process.once("SIGTERM", stop).once("SIGINT", stop);
  return (holder.custodiaSealer = { stop });
}

async function run(signal: AbortSignal): Promise<void> {
  let anchorDue = 0;
  while (!signal.aborted) {
    const begun = performance.now();
    const isAnchorDue = begun >= anchorDue;
    const succeeded = await attempt("sealing the audit log failed; it is tried again", async () => {
      await sealEvents();
      if (!isAnchorDue) return;
      anchorDue = performance.now() + anchorIntervalMs;
      await anchorSeals(configuredStore(), database());
    });
    if (isAnchorDue && succeeded)
      await attempt("publishing the log's tree failed; it is tried again", async () => {
        await publishTree(configuredStore(), database());
      });
    // The interval counts from the start of a round to the next; a slow round still leaves a pause.
    const pause = succeeded
      ? Math.max(sealIntervalMs / 10, sealIntervalMs - (performance.now() - begun))
      : pauseAfterFailureMs;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

const counterFailure = "the counter of audit events was not written to the store; it is tried again";

/** Apart from sealing, which whoever owns the tables can stop. */
async function leaveCounters(counter: WriterCounter, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await attempt(counterFailure, () => counter.leave(configuredStore(), database()));
    await sleep(counterIntervalMs, undefined, { signal }).catch(() => undefined);
  }
}

/** Whether this process seals, and leaves its counter in the store. Where no process stays, none does. */
export const isSealerRunning = () => holder.custodiaSealer !== undefined;

async function attempt(failure: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log.error({ error }, failure);
    return false;
  }
}
