import { setTimeout as sleep } from "node:timers/promises";
import { desc } from "drizzle-orm";
import postgres from "postgres";
import { appendAuditEvents, recordAuditEvents } from "@/lib/operation/event-append";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { sealEvents } from "@/lib/audit/seal-audit-log";
import { startSealer } from "@/lib/audit/start-sealer";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { database } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { benchAppend } from "./audit-append";
import { context, event } from "./audit-fixtures";
import { benchExport, benchVerify } from "./audit-reading";
import type { BenchRow } from "./bench-row";

const sealIntervalMs = 200;

/** Compares the audit log with its baselines: append, seal lag, verification, export. */
export async function benchAudit(events = 200_000): Promise<BenchRow[]> {
  const append = await benchAppend();
  await fill(events);
  const verify = await benchVerify();
  const exported = await benchExport();
  return [append, await benchSealLag(), ...verify, exported];
}

/** Events of plays, each with the row of its grant: verification compares them. */
async function fill(events: number): Promise<void> {
  for (let done = 0; done < events; done += 1000)
    await auditedTransaction((tx) => appendAuditEvents(tx, context(), Array.from({ length: 1000 }, event)));
  await sealEvents();
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  // As a superuser: the recordings, people and sessions that these rows name do not exist.
  await owner`set session_replication_role = replica`;
  await owner`insert into playback_grants
      (id, kind, recording_id, user_id, session_id, purpose, reference, delivery, expires_at, size_bytes)
    select (details->>'grantId')::uuid, 'play', target_id::uuid, actor_id::uuid, actor_id::uuid,
      'quality_supervision', '', 'gateway', occurred_at, 0
    from audit_events where action = 'recording.play_granted'`;
  await owner.end();
}

/** Measures the time from commit to seal (90th percentile), compared with the sealer's interval. */
async function benchSealLag(): Promise<BenchRow> {
  const sealer = startSealer();
  const lags: number[] = [];
  await sleep(1000);
  for (let round = 0; round < 30; round += 1) {
    await sleep(Math.random() * sealIntervalMs);
    await recordAuditEvents(context(), event());
    const committedAt = performance.now();
    const [newest] = await database()
      .select({ transactionId: auditEvents.transactionId })
      .from(auditEvents)
      .orderBy(desc(auditEvents.occurredAt), desc(auditEvents.id))
      .limit(1);
    while ((await lastSeal(database()))!.transactionTo <= newest!.transactionId) await sleep(5);
    lags.push(performance.now() - committedAt);
  }
  await sealer.stop();
  const ours = lags.sort((left, right) => left - right)[Math.floor(lags.length * 0.9)]!;
  return {
    what: "seal lag (90th percentile) / the sealer's interval",
    unit: "ms",
    ours,
    baseline: sealIntervalMs,
    ratio: ours / sealIntervalMs,
    better: "smaller",
    must: 2.5,
    aim: 1.3,
  };
}
