import { createHmac, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdir, readFile, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { eq } from "drizzle-orm";
import type postgres from "postgres";
import { beforeEach, describe, expect, it } from "vitest";
import { anchorKey } from "@/lib/audit/anchor";
import { currentWriter } from "@/lib/operation/audit-writer";
import { auditEvent } from "@/lib/operation/audit-event";
import { canonicalContent, canonicalEvent, contentTexts, eventTextsColumn } from "@/lib/operation/canonical-event";
import { recordAuditEvents } from "@/lib/operation/event-append";
import { leafHash, merkleRoot, packLeaves } from "@/lib/audit/merkle-tree";
import { noHash, signSeal } from "@/lib/audit/seal";
import { readSeals, sealRowOf, signedSealOf } from "@/lib/audit/seal-row";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { database, openDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { configuredStore } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import {
  append,
  asAttacker,
  auditorContext,
  emptyLog,
  ended,
  eventIds,
  seal,
  verify,
} from "../../support/log-under-test";

/** Each test has its own log with three sealed and anchored batches of four events. */
beforeEach(async () => {
  await emptyLog();
  for (let batch = 0; batch < 3; batch += 1) {
    await append(batch === 0 ? 3 : 4);
    await seal();
  }
});

const codes = (report: Awaited<ReturnType<typeof verify>>) => Object.keys(report.counts).sort();

it("reports an unaltered log as whole, with the events that are not sealed yet", async () => {
  await append(2);
  expect(await verify()).toMatchObject({
    verdict: "whole",
    seals: 3,
    events: 12,
    unsealed: 2,
    anchoredSeals: 3,
    findings: [],
  });
});

describe("alteration of sealed events", () => {
  it("names an edited event", async () => {
    const [, , , , , target] = await eventIds();
    await asAttacker((sql) => sql`update audit_events set outcome = 'denied' where id = ${target!}`);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { event_edited: 1 } });
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: "event_edited", eventId: target, seal: 2, position: 1 }),
    );
  });

  it.each([
    [
      "its epoch's transaction",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set transaction_id = (transaction_id::text::bigint + 1)::text::xid8 where id = ${id}`,
    ],
    [
      "blanks in its details",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set details = replace(details::text, ',', ', ')::json where id = ${id}`,
    ],
    [
      "a line end in its details",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set details = replace(details::text, ',', E',\n')::json where id = ${id}`,
    ],
    [
      "its HMAC",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set hmac = decode(repeat('00', 32), 'hex') where id = ${id}`,
    ],
    [
      "a millisecond",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set occurred_at = occurred_at + interval '1 millisecond' where id = ${id}`,
    ],
    [
      "a quote that would move a value to the next key",
      (sql: postgres.Sql, id: string) =>
        sql`update audit_events set action = action || '","actorId":"x' where id = ${id}`,
    ],
  ])("detects a change of %s", async (_what, change) => {
    const target = (await eventIds())[6]!;
    await asAttacker((sql) => change(sql, target));
    const report = await verify();
    expect(report.verdict).toBe("broken");
    expect(report.findings.some((finding) => finding.eventId === target || finding.seal === 2)).toBe(true);
  });

  it("names a removed event", async () => {
    const ids = await eventIds();
    await asAttacker((sql) => sql`delete from audit_events where id = ${ids[9]!}`);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { event_removed: 1 } });
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        code: "event_removed",
        seal: 3,
        position: 1,
        detail: expect.stringContaining(ids[8]!),
      }),
    );
  });

  it("names an inserted event, also from somebody with the HMAC key", async () => {
    const id = newId();
    await insertForged(id, (await eventIds())[5]!);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken" });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "event_inserted", eventId: id, seal: 2 }));
  });

  it("names at least the batch when the leaf hashes were changed too", async () => {
    const target = (await eventIds())[5]!;
    await asAttacker(async (sql) => {
      await sql`update audit_events set outcome = 'denied' where id = ${target}`;
      await sql`update audit_seals set leaves = decode(repeat('00', 128), 'hex') where sequence = 2`;
    });
    const report = await verify();
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "batch_altered", seal: 2 }));
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "event_forged", eventId: target }));
  });
});

describe("alteration before the seal", () => {
  it("names an event deleted before its seal", async () => {
    await append(3);
    const ids = await eventIds();
    await asAttacker((sql) => sql`delete from audit_events where id = ${ids[13]!}`);
    await seal();
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { event_deleted_before_seal: 1 } });
    expect(report.findings[0]).toMatchObject({
      code: "event_deleted_before_seal",
      writerId: currentWriter().id,
      detail: expect.stringContaining("number 14 "),
    });
  });

  it("names an event written without the HMAC key", async () => {
    const id = newId();
    await insertForged(id, (await eventIds())[5]!, { hmacKey: Buffer.alloc(32), atTheEnd: true });
    await ended();
    await seal();
    expect((await verify()).findings).toContainEqual(expect.objectContaining({ code: "event_forged", eventId: id }));
  });

  it.each(["hmac", "occurred_at"])("names an event whose %s its owner emptied, and reads on", async (column) => {
    await append(2);
    const emptied = (await eventIds()).at(-2)!;
    await asAttacker(async (sql) => {
      await sql`alter table audit_events alter column ${sql(column)} drop not null`;
      await sql`update audit_events set ${sql(column)} = null where id = ${emptied}`;
    });
    try {
      await seal();
      const report = await verify();
      expect(report).toMatchObject({ verdict: "broken", counts: { event_forged: 1 } });
      expect(report.findings).toContainEqual(expect.objectContaining({ code: "event_forged", eventId: "unreadable" }));
    } finally {
      await asAttacker(async (sql) => {
        await sql`delete from audit_events where id = ${emptied}`;
        await sql`alter table audit_events alter column ${sql(column)} set not null`;
      });
    }
  });

  it("names an event hidden in another epoch", async () => {
    await append(1);
    const hidden = (await eventIds()).at(-1)!;
    await asAttacker((sql) => sql`update audit_events set epoch = 'elsewhere' where id = ${hidden}`);
    expect((await verify()).findings).toContainEqual(
      expect.objectContaining({ code: "event_inserted", eventId: hidden }),
    );
  });
});

describe("alteration of seals", () => {
  it("detects a cut tail by its anchors, and only by them", async () => {
    await cutTail();
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { tail_cut_off: 1 } });
    expect(report.findings[0]).toMatchObject({
      code: "tail_cut_off",
      seal: 3,
      detail: expect.stringContaining("4 events"),
    });
    expect(await verify({ store: null })).toMatchObject({ verdict: "unchecked", counts: { anchors_unreachable: 1 } });
  });

  it("detects a seal that was removed between others and one that was changed", async () => {
    await asAttacker((sql) => sql`delete from audit_seals where sequence = 2`);
    expect(codes(await verify())).toEqual(expect.arrayContaining(["seal_removed"]));
    await asAttacker((sql) => sql`update audit_seals set sealed_at = sealed_at - interval '1 day' where sequence = 3`);
    expect((await verify()).findings).toContainEqual(expect.objectContaining({ code: "seal_edited", seal: 3 }));
  });

  it("detects a rewritten log: by the signature, or by the anchors if the signing key was stolen", async () => {
    await rewriteLog(generateKeyPairSync("ed25519").privateKey);
    expect(codes(await verify())).toEqual(expect.arrayContaining(["log_rewritten", "seal_edited"]));
    await rewriteLog(currentSigningKey().privateKey);
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { log_rewritten: 4 } });
    expect(codes(report)).toEqual(["log_rewritten"]);
  });

  it("detects a missing and a false anchor", async () => {
    const store = configuredStore();
    const [{ anchorEpoch } = { anchorEpoch: "" }] = await database()
      .select({ anchorEpoch: auditSeals.anchorEpoch })
      .from(auditSeals)
      .limit(1);
    await asAttacker((sql) => sql`update audit_seals set anchored_at = anchored_at - interval '1 hour'`);
    await store.deleteAllVersions(anchorKey(anchorEpoch, 2));
    expect((await verify()).findings).toMatchObject([{ code: "anchor_missing", seal: 2 }]);
    await store.put(anchorKey(anchorEpoch, 2), Buffer.from("{}"), {
      contentType: "application/json",
      ifNoneMatch: "*",
    });
    expect(codes(await verify())).toEqual(["anchor_invalid", "anchor_missing"]);
  });
});

describe("an anchor that cannot be read", () => {
  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ["emptied", () => Buffer.alloc(0)],
    ["cut", (bytes) => bytes.subarray(0, bytes.length - 40)],
    ["changed by one bit", (bytes) => Buffer.from(bytes.with(bytes.length - 30, bytes.at(-30)! ^ 1))],
    ["replaced by noise", () => randomBytes(600)],
  ];

  it.each(damages)("does not hide a cut tail when it was %s", async (_what, damage) => {
    const file = await anchorFile(1);
    await writeFile(file, damage(await readFile(file)));
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { anchor_invalid: 1 } });
    await cutTail();
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { anchor_invalid: 1, tail_cut_off: 1 } });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: "anchor_invalid", seal: 1 }));
    expect(codes(report)).not.toContain("anchors_unreachable");
  });

  it("since a folder or an endless link stands in its place does not hide a cut tail", async () => {
    const [folder, link] = [await anchorFile(1), await anchorFile(2)];
    await Promise.all([rm(folder), rm(link)]);
    await Promise.all([mkdir(folder), symlink(link, link)]);
    await cutTail();
    const report = await verify();
    expect(report).toMatchObject({ verdict: "broken", counts: { anchor_invalid: 2, tail_cut_off: 1 } });
    await Promise.all([rmdir(folder), rm(link)]);
  });

  it("for want of an answer is named, claims no missing copy and does not hide a cut tail", async () => {
    await asAttacker((sql) => sql`update audit_seals set anchored_at = anchored_at - interval '1 hour'`);
    const store = silentFor(anchorKey(await anchorEpoch(), 1));
    expect(await verify({ store })).toMatchObject({ verdict: "unchecked", counts: { anchors_unreachable: 1 } });
    await cutTail();
    const report = await verify({ store });
    expect(report).toMatchObject({ verdict: "broken", counts: { tail_cut_off: 1, anchors_unreachable: 1 } });
    expect(codes(report)).toEqual(["anchors_unreachable", "tail_cut_off"]);
  });
});

/** Deletes the third batch with its seal. */
async function cutTail(): Promise<void> {
  await asAttacker(async (sql) => {
    await sql`delete from audit_events
      where transaction_id >= (select transaction_from from audit_seals where sequence = 3)`;
    await sql`delete from audit_seals where sequence = 3`;
  });
}

async function anchorEpoch(): Promise<string> {
  const [seal] = await database().select({ epoch: auditSeals.anchorEpoch }).from(auditSeals).limit(1);
  return seal!.epoch;
}

/** The file in which the disk store keeps the anchor of this seal. */
async function anchorFile(sequence: number): Promise<string> {
  return objectPath(process.env.DISK_STORE_PATH!, anchorKey(await anchorEpoch(), sequence));
}

/** The real store behind a network that drops the requests for one key. */
function silentFor(lostKey: string): ObjectStore {
  const store = configuredStore();
  const readRange: ObjectStore["readRange"] = async (key, ...rest) => {
    if (key === lostKey) throw new StoreError("timed_out", "no answer");
    return store.readRange(key, ...rest);
  };
  return new Proxy(store, {
    get: (target, name) => {
      if (name === "readRange") return readRange;
      const value = Reflect.get(target, name, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("the rights in the database", () => {
  const changes = [
    "update audit_events set action = action",
    "delete from audit_events",
    "truncate audit_events",
    "delete from audit_seals",
    "truncate audit_seals",
    "update audit_seals set sequence = sequence",
    "delete from audit_checkpoints",
    "truncate audit_checkpoints",
    "update audit_checkpoints set size = size + 1",
    "delete from audit_disclosures",
    "truncate audit_disclosures",
    "update audit_disclosures set created_at = now()",
  ];

  it.each(changes)("refuse the portal and the owner: %s", async (statement) => {
    // Triggers of rows need one.
    await recordAuditEvents(auditorContext(), auditEvent("audit_log.exported"));
    for (const url of [process.env.DATABASE_URL!, process.env.MIGRATION_DATABASE_URL!]) {
      const { db, end } = openDatabase(url, { max: 1 });
      await expect(db.$client.unsafe(statement)).rejects.toMatchObject({ code: "42501" });
      await end();
    }
  });

  it("allow the portal to add events and seals", async () => {
    await append(1);
    expect(await seal()).toMatchObject({ events: 1 });
  });
});

type Forgery = { hmacKey?: Buffer; atTheEnd?: boolean };

/** Inserts a copy of an event under another id, with a valid HMAC unless another key is given. */
async function insertForged(
  id: string,
  model: string,
  { hmacKey = env().AUDIT_HMAC_KEYS[0].secret, atTheEnd = false }: Forgery = {},
): Promise<void> {
  const [event] = await database().select().from(auditEvents).where(eq(auditEvents.id, model));
  const { epoch, transactionId, hmac: _, ...rest } = event!;
  const content = { ...rest, id, writerId: newId(), writerSequence: 1, writerSettled: 0 };
  const hmac = createHmac("sha256", hmacKey)
    .update(canonicalContent(contentTexts(content)))
    .digest();
  await database()
    .insert(auditEvents)
    .values({ ...content, hmac, ...(atTheEnd ? {} : { epoch, transactionId }) });
}

/** Edits an event and seals the whole log again, with correct hashes. */
async function rewriteLog(privateKey: ReturnType<typeof generateKeyPairSync>["privateKey"]): Promise<void> {
  const target = (await eventIds())[2]!;
  const [event] = await database().select().from(auditEvents).where(eq(auditEvents.id, target));
  const content = {
    ...event!,
    outcome: "failure" as const,
    epoch: undefined,
    transactionId: undefined,
    hmac: undefined,
  };
  const hmac = createHmac("sha256", env().AUDIT_HMAC_KEYS[0].secret)
    .update(canonicalContent(contentTexts(content as never)))
    .digest();
  await asAttacker((sql) => sql`update audit_events set outcome = 'failure', hmac = ${hmac} where id = ${target}`);
  const lines = await database()
    .select({ texts: eventTextsColumn, transactionId: auditEvents.transactionId })
    .from(auditEvents)
    .orderBy(auditEvents.transactionId, auditEvents.id);
  const rewritten: (typeof auditSeals.$inferInsert)[] = [];
  for await (const row of readSeals(database(), { fromSequence: 1, toSequence: Infinity })) {
    const leaves = lines
      .filter(({ transactionId }) => transactionId >= row.transactionFrom && transactionId < row.transactionTo)
      .map(({ texts }) => leafHash(canonicalEvent(texts)));
    const previousHash = rewritten.at(-1)?.hash.toString("hex") ?? noHash;
    const signed = signSeal({ ...signedSealOf(row).seal, merkleRoot: merkleRoot(leaves), previousHash }, privateKey);
    rewritten.push({ ...sealRowOf(signed, packLeaves(leaves)), anchoredAt: row.anchoredAt });
  }
  await asAttacker((sql) => sql`truncate audit_seals`);
  await database().insert(auditSeals).values(rewritten);
}
