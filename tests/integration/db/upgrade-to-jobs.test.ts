import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import { migrate } from "drizzle-orm/postgres-js/migrator";
import postgres, { type Sql } from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

const migrations = path.resolve(import.meta.dirname, "../../../drizzle");
/** The last migration of a portal that kept its queues in memory and in columns of other tables. */
const before = "0020_deletion_order";

let server: Sql;
let sql: Sql;
const address = new URL(inject("ownerUrl"));
const name = `upgrade_${randomUUID().replaceAll("-", "")}`;

address.pathname = `/${name}`;

beforeAll(async () => {
  server = postgres(inject("ownerUrl"), { max: 1, onnotice: () => undefined });
  await server`create database ${server(name)}`;
  sql = postgres(address.href, { max: 1, onnotice: () => undefined });
});
afterAll(async () => {
  await sql.end();
  await server`drop database ${server(name)}`;
  await server.end();
});

async function migrateTo(tag: string | null): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "custodia-migrations-"));
  await cp(migrations, folder, { recursive: true });
  const file = path.join(folder, "meta/_journal.json");
  const journal = JSON.parse(await readFile(file, "utf8")) as { entries: { tag: string }[] };
  if (tag !== null) journal.entries.splice(journal.entries.findIndex((entry) => entry.tag === tag) + 1);
  await writeFile(file, JSON.stringify(journal));
  // drizzle changes how its client writes dates.
  const client = postgres(address.href, { max: 1, onnotice: () => undefined });
  await migrate(drizzle(client), { migrationsFolder: folder });
  await client.end();
  await rm(folder, { recursive: true });
}

const id = () => randomUUID();
const claimedUntil = new Date("2031-05-02T10:00:00Z");

async function recording(columns: Record<string, unknown> = {}): Promise<string> {
  const row = {
    id: id(),
    state: "stored",
    source: "central",
    source_call_id: id(),
    uploaded_by_type: "service",
    uploaded_by_id: id(),
    unit_id: id(),
    direction: "inbound",
    started_at: new Date(),
    content_type: "audio/wav",
    size_bytes: 64,
    sha256: Buffer.alloc(32),
    object_key: id(),
    stored_at: new Date(),
    retain_until: new Date("2099-01-01"),
    retention_policy_id: id(),
    waveform_state: "ready",
    ...columns,
  };
  await sql`insert into recordings ${sql(row)}`;
  return row.id;
}

async function delivery(columns: Record<string, unknown> = {}): Promise<{ id: string; account: string }> {
  const row = {
    id: id(),
    service_account_id: id(),
    recording_id: id(),
    ticket_id: id(),
    event: "recording.stored",
    payload: sql.json({ code: null }),
    next_attempt_at: new Date("2031-05-01T10:00:00Z"),
    ...columns,
  };
  await sql`insert into webhook_deliveries ${sql(row)}`;
  return { id: row.id, account: row.service_account_id };
}

async function order(state: string): Promise<string> {
  const row = { id: id(), reason: "deletion_order", requested_by_type: "user", requested_by_id: id(), state };
  const counts = { expected_recordings: 1, expected_bytes: 1 };
  await sql`insert into deletion_orders ${sql({ ...row, ...counts, selection: sql.json({}), justification: "x" })}`;
  return row.id;
}

/** A hold of one recording, whose lock in the store a process changes. */
async function hold(columns: Record<string, unknown>): Promise<string> {
  const facts = { matter: "x", reason: "x", owner_id: id(), review_on: "2031-01-01", placed_by_id: id() };
  const row = { id: id(), ...facts, ...columns };
  await sql`insert into legal_holds ${sql(row)}`;
  const held = { hold_id: row.id, recording_id: id(), store_claimed_until: claimedUntil };
  await sql`insert into legal_hold_recordings ${sql(held)}`;
  return row.id;
}

/** The scan that a process is running. */
async function scan(): Promise<void> {
  const now = new Date();
  const row = { id: id(), started_at: now, progress_at: now, state: "running", claimed_until: claimedUntil };
  await sql`insert into drift_runs ${sql(row)}`;
}

test("pending work of an older portal becomes jobs; ended work does not", async () => {
  await migrateTo(before);
  // Rows of an installation, without the rows that they refer to.
  await sql`set session_replication_role = replica`;
  const undrawn = await recording({ waveform_state: "waiting" });
  await recording();
  await recording({ waveform_state: "waiting", state: "deleting" });
  const unsent = await delivery({ attempts: 3, last_failure: "http_500" });
  await delivery({ delivered_at: new Date() });
  await delivery({ abandoned_at: new Date() });
  const running = await order("running");
  for (const state of ["awaiting_approval", "finished", "rejected"]) await order(state);
  const placing = await hold({ released_through: id() });
  await hold({});
  await scan();
  await sql`set session_replication_role = origin`;

  await migrateTo(null);

  const jobs = await sql`select kind, key, lane, payload, run_at, leased_until, attempts, tries, last_error, dead_at
      from jobs order by kind`;
  const fresh = {
    lane: null,
    run_at: expect.any(Date) as Date,
    leased_until: null as Date | null,
    attempts: 0,
    tries: 0,
    last_error: null,
    dead_at: null,
  };
  expect([...jobs]).toEqual([
    { ...fresh, kind: "agent_names", key: "all", payload: {} },
    { ...fresh, kind: "deletion_order", key: running, payload: { orderId: running } },
    { ...fresh, kind: "legal_hold", key: placing, payload: { holdId: placing } },
    { ...fresh, kind: "number_renewal", key: "all", payload: {} },
    // Claims of running processes become leases.
    { ...fresh, kind: "object_locks", key: "all", payload: {}, run_at: claimedUntil, leased_until: claimedUntil },
    { ...fresh, kind: "store_scan", key: "all", payload: {}, run_at: claimedUntil, leased_until: claimedUntil },
    { ...fresh, kind: "waveform", key: undrawn, payload: { recordingId: undrawn } },
    {
      ...fresh,
      ...{ kind: "webhook", key: unsent.id, payload: { deliveryId: unsent.id }, lane: unsent.account },
      ...{ run_at: new Date("2031-05-01T10:00:00Z"), attempts: 3, tries: 3, last_error: "http_500" },
    },
  ]);
});
