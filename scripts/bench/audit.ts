import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { desc, sql } from "drizzle-orm";
import postgres from "postgres";
import { appendAuditEvents, recordAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { planExport } from "@/lib/audit/export/export-plan";
import { writeExport } from "@/lib/audit/export/export-writer";
import { sealEvents } from "@/lib/audit/seal-audit-log";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { startSealer } from "@/lib/audit/start-sealer";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { verifyAuditLog } from "@/lib/audit/verify/verify-audit-log";
import { database, openDatabase, type Database, type Transaction } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { interleave, type BenchRow } from "./bench-row";

const writers = 32;
const transactionsPerWriter = 60;
const sealIntervalMs = 200;
const mebibyte = 1024 * 1024;

/** Compares the audit log with its baselines: append, seal lag, verification, export. */
export async function benchAudit(events = 200_000): Promise<BenchRow[]> {
  const append = await benchAppend();
  await fill(events);
  const verify = await benchVerify();
  const exported = await benchExport();
  return [append, await benchSealLag(), ...verify, exported];
}

const context = (): OperationContext => ({
  actor: { type: "user", userId: newId(), role: "supervisor", unitIds: [], sessionId: newId() },
  requestId: newId(),
  ipAddress: "192.0.2.7",
});
const event = () =>
  auditEvent("recording.play_granted", {
    target: { type: "recording", id: newId(), unitId: newId() },
    details: { grantId: newId(), purpose: "quality_supervision", delivery: "gateway" },
  });

/** Measures transactions of 32 writers: an UPDATE with an event of ours, or with a plain row of the same columns. */
async function benchAppend(): Promise<BenchRow> {
  await asOwner(async (owner) => {
    await owner`create table bench_business (id int primary key, changes int not null)`;
    await owner`insert into bench_business select n, 0 from generate_series(1, ${writers}) n`;
    await owner`create table bench_plain_events (
      id uuid primary key, occurred_at timestamptz not null, actor_type text, actor_id text, actor_role text,
      action text, outcome text, target_type text, target_id text, unit_id uuid, request_id uuid, ip_address text,
      details json)`;
    for (const column of ["actor_id", "target_id", "action"])
      await owner`create index on bench_plain_events (${owner(column)}, occurred_at desc, id desc)`;
    await owner`create index on bench_plain_events (occurred_at desc, id desc)`;
    await owner`grant all on bench_business, bench_plain_events to custodia_app`;
  });
  const { db, end } = openDatabase(env().DATABASE_URL, { max: writers });
  const business = (tx: Transaction, id: number) =>
    tx.execute(sql`update bench_business set changes = changes + 1 where id = ${id}`);
  const ours = (id: number) =>
    auditedTransaction(async (tx) => {
      await business(tx, id);
      await appendAuditEvents(tx, context(), [event()]);
    }, db);
  const plain = (id: number) =>
    db.transaction(async (tx) => {
      await business(tx, id);
      await insertPlain(tx);
    });
  const measured = await interleave(
    5,
    () => transactionsPerSecond(ours),
    () => transactionsPerSecond(plain),
  );
  await end();
  return {
    what: "audit append in a business transaction / the same with a plain row, 32 writers",
    unit: "transactions/s",
    ...measured,
    better: "larger",
    must: 0.75,
    aim: 0.95,
  };
}

function insertPlain(tx: Transaction) {
  const { actor, requestId, ipAddress } = context();
  const { action, outcome, target, details } = event();
  const userId = actor.type === "user" ? actor.userId : null;
  return tx.execute(sql`insert into bench_plain_events values (
    ${newId()}, ${new Date().toISOString()}, ${actor.type}, ${userId}, ${"supervisor"}, ${action}, ${outcome},
    ${target!.type}, ${target!.id}, ${target!.unitId}, ${requestId}, ${ipAddress}, ${JSON.stringify(details)}::json)`);
}

async function transactionsPerSecond(work: (writer: number) => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async (_, index) => {
      for (let round = 0; round < transactionsPerWriter; round += 1) await work(index + 1);
    }),
  );
  return (writers * transactionsPerWriter * 1000) / (performance.now() - start);
}

async function fill(events: number): Promise<void> {
  for (let done = 0; done < events; done += 1000)
    await auditedTransaction((tx) => appendAuditEvents(tx, context(), Array.from({ length: 1000 }, event)));
  await sealEvents();
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

async function benchVerify(): Promise<BenchRow[]> {
  const lines = await sampleLines();
  const memory = { peak: 0 };
  const measured = await interleave(
    3,
    () => verifiedPerSecond(memory),
    async () => hashedPerSecond(lines),
  );
  const growth = memory.peak / mebibyte;
  return [
    {
      what: "stream verify / SHA-256 loop over the same lines",
      unit: "rows/s",
      ...measured,
      better: "larger",
      must: 0.22,
      aim: 0.4,
    },
    {
      what: "memory that verification adds / 128 MiB",
      unit: "MiB",
      ours: growth,
      baseline: 128,
      ratio: growth / 128,
      better: "smaller",
      must: 1,
      aim: 0.5,
    },
  ];
}

async function verifiedPerSecond(memory: { peak: number }): Promise<number> {
  const before = process.memoryUsage().rss;
  const watch = setInterval(() => (memory.peak = Math.max(memory.peak, process.memoryUsage().rss - before)), 20);
  const report = await verifyAuditLog({
    db: database(),
    store: null,
    hmacKeys: env().AUDIT_HMAC_KEYS,
    publicKeys: configuredPublicKeys(),
  });
  clearInterval(watch);
  return (report.events * 1000) / report.durationMs;
}

async function sampleLines(): Promise<Buffer[]> {
  const plan = await planExport(database(), {});
  const pieces: Buffer[] = [];
  for await (const piece of writeExport(database(), plan)) if (pieces.push(piece) > 200) break;
  return Buffer.concat(pieces)
    .toString()
    .split("\n")
    .filter((line) => line.startsWith('{"content":'))
    .map((line) => Buffer.from(line));
}

function hashedPerSecond(lines: readonly Buffer[]): number {
  const rounds = Math.ceil(200_000 / lines.length);
  const start = performance.now();
  for (let round = 0; round < rounds; round += 1) for (const line of lines) createHash("sha256").update(line).digest();
  return (rounds * lines.length * 1000) / (performance.now() - start);
}

async function benchExport(): Promise<BenchRow> {
  const db = database();
  const plan = await planExport(db, {});
  const measured = await interleave(
    3,
    () => rowsPerSecond(writeExport(db, plan), plan.events),
    async () => rowsPerSecond(await plainCopy(db), plan.events),
  );
  return { what: "export / COPY of the same rows", unit: "rows/s", ...measured, better: "larger", must: 0.5, aim: 0.9 };
}

async function rowsPerSecond(pieces: AsyncIterable<Buffer>, rows: number): Promise<number> {
  const start = performance.now();
  for await (const piece of pieces) void piece;
  return (rows * 1000) / (performance.now() - start);
}

function plainCopy(db: Database): Promise<AsyncIterable<Buffer>> {
  return db.$client.unsafe("copy audit_events to stdout").readable() as Promise<AsyncIterable<Buffer>>;
}

async function asOwner(work: (owner: postgres.Sql) => Promise<void>): Promise<void> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await work(owner).finally(() => owner.end());
}
