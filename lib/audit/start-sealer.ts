import { setTimeout as sleep } from "node:timers/promises";
import { anchorSeals } from "@/lib/audit/anchor";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { sealAuditLog, sealEvents } from "@/lib/audit/seal-audit-log";
import { database, type Database } from "@/lib/db/client";
import { log } from "@/lib/core/log";
import { configuredStore } from "@/lib/storage/configured-store";
import { and, eq, sql } from "drizzle-orm";
import { jobContext } from "@/lib/operation/job-context";
import { appendAuditEvents } from "@/lib/operation/append-audit-events";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { auditEvents } from "@/lib/db/schema/audit";
import { processWide } from "@/lib/core/process-wide";

/** Any number, the same in all processes. */
const epochLock = 7_241_130_513;

const sealIntervalMs = 200;

const anchorIntervalMs = 5_000;

const pauseAfterFailureMs = 5_000;

export type Sealer = { stop: () => Promise<void> };

const holder = processWide as { custodiaSealer?: Sealer };

/**
 * Seals and anchors in the background of a long-running server: events within some 200 ms of their commit, anchors
 * every five seconds while there are new seals. Where no process stays (serverless), `GET /api/cron/seal` does it.
 * Started once a process; `stop` ends the current round, closes the writer and seals and anchors once more.
 */
export function startSealer(): Sealer {
  if (holder.custodiaSealer) return holder.custodiaSealer;
  const stopping = new AbortController();
  const ended = run(stopping.signal);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= finish());
  async function finish() {
    stopping.abort();
    await ended;
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
    const succeeded = await attempt("sealing the audit log failed; it is tried again", async () => {
      await sealEvents();
      if (Date.now() < anchorDue) return;
      anchorDue = Date.now() + anchorIntervalMs;
      await anchorSeals(configuredStore(), database());
    });
    // The interval counts from round to round; a slow round leaves the others some room all the same.
    const pause = succeeded
      ? Math.max(sealIntervalMs / 10, sealIntervalMs - (performance.now() - begun))
      : pauseAfterFailureMs;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

async function attempt(failure: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    log.error({ error }, failure);
    return false;
  }
}

/** Records once that an epoch began: at the first start, and after a restore or a failover. */
export async function recordEpochStart(db: Database, epoch: string): Promise<void> {
  await auditedTransaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${epochLock})`);
    const isStart = and(eq(auditEvents.action, "audit_log.epoch_started"), eq(auditEvents.epoch, epoch));
    const [recorded] = await tx.select({ id: auditEvents.id }).from(auditEvents).where(isStart).limit(1);
    if (recorded) return;
    const last = await lastSeal(tx);
    const details = { epoch, previousEpoch: last?.epoch ?? null, previousSeal: last?.sequence ?? null };
    const context = jobContext("seal");
    await appendAuditEvents(tx, context, [auditEvent("audit_log.epoch_started", { details })]);
  }, db);
}
