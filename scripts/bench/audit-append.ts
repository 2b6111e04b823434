import { sql } from "drizzle-orm";
import postgres from "postgres";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { openDatabase, type Transaction } from "@/lib/db/client";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { context, event } from "./audit-fixtures";
import { interleave, type BenchRow } from "./bench-row";

const writers = 32;
const transactionsPerWriter = 60;

/** Measures transactions of 32 writers: an UPDATE with an event of ours, or with a plain row of the same columns. */
export async function benchAppend(): Promise<BenchRow> {
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
    must: 0.9,
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

async function asOwner(work: (owner: postgres.Sql) => Promise<void>): Promise<void> {
  const owner = postgres(process.env.MIGRATION_DATABASE_URL!, { max: 1, onnotice: () => undefined });
  await work(owner).finally(() => owner.end());
}
