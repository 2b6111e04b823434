import { jobContext } from "@/lib/operation/job-context";
import { spawn } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { count, sum } from "drizzle-orm";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { anchorBody, anchorKey, anchorSeals } from "@/lib/audit/anchor";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { listAuditEvents } from "@/lib/audit/list-audit-events";
import { closeAuditWriter } from "@/lib/operation/close-audit-writer";
import { sealEvents, sealNextBatch } from "@/lib/audit/seal-audit-log";
import { sealCron } from "@/lib/schedule/seal-cron";
import { startSealer } from "@/lib/audit/start-sealer";
import { signSeal } from "@/lib/audit/seal";
import { readSeals, signedSealOf, type SealRow } from "@/lib/audit/seal-row";
import { database, openDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { configuredStore } from "@/lib/storage/configured-store";
import {
  append,
  appendOnly,
  asAttacker,
  auditorContext,
  beginEpoch,
  emptyLog,
  ended,
  seal,
  verify,
} from "../../support/log-under-test";
import { loadTypescript } from "../../support/load-typescript";
import { simulatedDelay, waitUntil } from "../../support/wait-until";

beforeEach(emptyLog);

async function totals(): Promise<{ events: number; sealed: number }> {
  const [[events], [sealed]] = await Promise.all([
    database().select({ n: count() }).from(auditEvents),
    database()
      .select({ n: sum(auditSeals.eventCount).mapWith(Number) })
      .from(auditSeals),
  ]);
  return { events: events!.n, sealed: sealed!.n };
}

/**
 * Runs many parallel transactions of one to three events, some slow, a third rolled back. Returns how many events were
 * committed.
 */
async function busyWriters(writers: number, transactions: number): Promise<number> {
  let committed = 0;
  const { db, end } = openDatabase(process.env.DATABASE_URL!, { max: writers });
  const write = async () => {
    for (let index = 0; index < transactions; index += 1) {
      const events = Array.from({ length: 1 + Math.floor(Math.random() * 3) }, () =>
        auditEvent("recording.stored", { details: { index } }),
      );
      await auditedTransaction(async (tx) => {
        await appendAuditEvents(tx, auditorContext(), events);
        if (Math.random() < 0.2) await simulatedDelay(Math.random() * 30);
        if (Math.random() < 0.33) throw new Error("rolled back");
      }, db).then(
        () => (committed += events.length),
        () => undefined,
      );
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  await end();
  return committed;
}

it("seals every event exactly once under 24 writers with rollbacks, with several sealers at once", async () => {
  const writing = { done: false };
  const sealing = Promise.all(
    [1, 2, 3].map(async () => {
      const sealAll = async () => {
        while ((await sealNextBatch(database(), 50)) > 0);
        return writing.done;
      };
      await waitUntil("the writers are done", sealAll, { intervalMs: 5 });
    }),
  );
  const committed = await busyWriters(24, 12);
  writing.done = true;
  await sealing;
  await closeAuditWriter();
  await ended();
  await seal();
  const { events, sealed } = await totals();
  expect(sealed).toBe(events);
  expect(events).toBeGreaterThanOrEqual(committed);
  const report = await verify();
  expect(report).toMatchObject({ verdict: "whole", events, unsealed: 0, findings: [] });
});

it("waits for a transaction that is still writing, and seals it whole", async () => {
  await seal();
  const { promise: paused, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
  const open = auditedTransaction(async (tx) => {
    await appendAuditEvents(tx, auditorContext(), [auditEvent("recording.stored")]);
    hasWritten();
    await paused;
    await appendAuditEvents(
      tx,
      auditorContext(),
      Array.from({ length: 20 }, () => auditEvent("recording.stored")),
    );
  });
  await written;
  await appendOnly(2);
  expect(await sealNextBatch(database(), 5)).toBe(0);
  goOn();
  await open;
  await ended();
  // One transaction of 21 events is one batch, though the limit is 5.
  expect(await sealNextBatch(database(), 5)).toBe(21);
  expect(await verify()).toMatchObject({ verdict: "whole" });
});

it("makes no seal without new events", async () => {
  await append(1);
  await seal();
  expect([await sealEvents(), await seal()]).toEqual([
    { seals: 0, events: 0 },
    { seals: 0, events: 0, anchoredSeals: 0 },
  ]);
});

it("continues after each kill -9 of the sealing process", async () => {
  const program = fileURLToPath(new URL("./seal-forever.ts", import.meta.url));
  const writing = busyWriters(4, 150);
  for (let round = 0; round < 4; round += 1) {
    const child = spawn(process.execPath, ["--import", loadTypescript, program], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    // The kill hits a different one of its first batches each time.
    let batches = 2 + Math.floor(Math.random() * 30);
    for await (const _ of createInterface({ input: child.stdout })) if ((batches -= 1) === 0) break;
    child.kill("SIGKILL");
    await once(child, "close");
  }
  await writing;
  await closeAuditWriter();
  await ended();
  await seal();
  const { events, sealed } = await totals();
  expect(sealed).toBe(events);
  expect(await verify()).toMatchObject({ verdict: "whole", unsealed: 0, findings: [] });
});

describe("anchors", () => {
  it("are written once: after a crash between store and database the same bytes are repeated", async () => {
    await append(2);
    await seal();
    await asAttacker((sql) => sql`update audit_seals set anchored_at = null`);
    expect(await anchorSeals(configuredStore(), database())).toBe(1);
    expect(await verify()).toMatchObject({ verdict: "whole", anchoredSeals: 1 });
  });

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["noise", randomBytes(500)],
  ])("under whose next key %s stands wait for a newer one, and stop no other", async (_what, damage) => {
    await append(2);
    await sealNextBatch(database(), 1);
    await sealNextBatch(database(), 1);
    const { value: seal1 } = await readSeals(database(), { fromSequence: 1, toSequence: Infinity }).next();
    const key = anchorKey((seal1 as SealRow).anchorEpoch, 2);
    await configuredStore().put(key, Buffer.from("x"), { contentType: "application/json", ifNoneMatch: "*" });
    await writeFile(objectPath(process.env.DISK_STORE_PATH!, key), damage);
    expect(await anchorSeals(configuredStore(), database())).toBe(1);
    expect(await anchorSeals(configuredStore(), database())).toBe(0);
    await append(1);
    expect(await seal()).toMatchObject({ anchoredSeals: 2 });
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { anchor_invalid: 1 }, anchoredSeals: 3 });
  });

  it("that differ are never replaced, and the seal stays without an anchor", async () => {
    await append(2);
    await sealEvents();
    const { value: row } = await readSeals(database(), { fromSequence: 1, toSequence: Infinity }).next();
    const { seal: body } = signedSealOf(row!);
    const other = signSeal({ ...body, eventCount: 99 }, generateKeyPairSync("ed25519").privateKey);
    const key = anchorKey(body.anchorEpoch, 1);
    await configuredStore().put(key, anchorBody([other]), { contentType: "application/json", ifNoneMatch: "*" });
    expect(await anchorSeals(configuredStore(), database())).toBe(0);
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { anchor_invalid: 1 } });
  });
});

it("verifies seals of an older signing key while that key is configured, and reports when it is missing", async () => {
  await append(2);
  await seal();
  const old = process.env.AUDIT_SIGNING_KEYS!;
  const { privateKey } = generateKeyPairSync("ed25519");
  const fresh = `k2:${privateKey.export({ format: "der", type: "pkcs8" }).toString("base64")}`;
  const verifyWith = async (keys: string) => {
    process.env.AUDIT_SIGNING_KEYS = keys;
    vi.resetModules();
    const rotated = await import("../../support/log-under-test");
    await rotated.append(1);
    await rotated.seal();
    const report = await rotated.verify();
    await (await import("@/lib/db/client")).closeDatabase();
    return report;
  };
  expect(await verifyWith(`${fresh},${old}`)).toMatchObject({ verdict: "whole", seals: 2 });
  expect(await verifyWith(fresh)).toMatchObject({ verdict: "unchecked", seals: 3 });
  process.env.AUDIT_SIGNING_KEYS = old;
  vi.resetModules();
});

it("begins a new epoch after a restore on another server, and seals what the old epoch left", async () => {
  await append(3);
  await seal();
  await append(2);
  // As after loading a dump of another cluster: the same rows with another epoch and higher transaction ids.
  await asAttacker(async (sql) => {
    await sql`update audit_events
      set epoch = 'other-1-1-1', transaction_id = (transaction_id::text::bigint + 1000000)::text::xid8`;
  });
  await asAttacker((sql) => sql`truncate audit_seals, audit_checkpoints`);
  await beginEpoch();
  await append(1);
  await seal();
  const epochs = await database()
    .select({ epoch: auditSeals.epoch, anchorEpoch: auditSeals.anchorEpoch, events: auditSeals.eventCount })
    .from(auditSeals)
    .orderBy(auditSeals.sequence);
  expect(epochs).toMatchObject([{ epoch: "other-1-1-1", events: 6 }, { events: 2 }]);
  expect(epochs[0]!.anchorEpoch).toBe(epochs[1]!.epoch);
  const { rows } = await listAuditEvents(auditorContext(), {});
  expect(rows.map((row) => row.seal)).toEqual([2, 2, 1, 1, 1, 1, 1, 1]);
});

it("distinguishes a clean shutdown from a crash", async () => {
  const failing = (number: number) =>
    auditedTransaction(async (tx) => {
      await appendAuditEvents(
        tx,
        auditorContext(),
        Array.from({ length: number }, () => auditEvent("recording.stored")),
      );
      throw new Error("rolled back");
    }).catch(() => undefined);
  // Two numbers are rolled back while a later one is committed: a gap that stays.
  const { promise: paused, resolve: goOn } = Promise.withResolvers<void>();
  const { promise: written, resolve: hasWritten } = Promise.withResolvers<void>();
  const slow = auditedTransaction(async (tx) => {
    await appendAuditEvents(tx, auditorContext(), [auditEvent("recording.stored"), auditEvent("recording.stored")]);
    hasWritten();
    await paused;
    throw new Error("rolled back");
  }).catch(() => undefined);
  await written;
  await appendOnly(1);
  goOn();
  await slow;
  await ended();
  await seal();
  expect(await verify()).toMatchObject({ verdict: "whole", counts: { writer_gap: 1 } });
  await closeAuditWriter();
  expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
  await failing(1);
});

describe("the permission to seal", () => {
  it("allows the scheduler's job and refuses a user", async () => {
    await append(1);
    const job = jobContext("seal");
    expect(await sealCron(job, configuredStore())).toMatchObject({ seals: 1, anchoredSeals: 1 });
    await expect(sealCron(auditorContext(), configuredStore())).rejects.toMatchObject({ code: "forbidden" });
  });
});

it("a running server seals soon after each commit, and stops cleanly", async () => {
  const sealer = startSealer();
  // The second time the sealer has been idle.
  for (const _ of [1, 2]) {
    await append(1);
    await waitUntil("the sealer has sealed by itself", async () => {
      const { events, sealed } = await totals();
      return sealed >= events;
    });
  }
  await append(3);
  await sealer.stop();
  expect(await verify()).toMatchObject({ verdict: "whole", unsealed: 0 });
});
