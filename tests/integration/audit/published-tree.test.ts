import { generateKeyPairSync } from "node:crypto";
import { asc, isNotNull } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { anchorSeals } from "@/lib/audit/anchor";
import { merkleRoot, unpackLeaves } from "@/lib/audit/merkle-tree";
import { sealEvents } from "@/lib/audit/seal-audit-log";
import { signCheckpoint } from "@/lib/audit/tree/checkpoint";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { publishTree, readObject } from "@/lib/audit/tree/publish-tree";
import { restoreTiles } from "@/lib/audit/tree/restore-tiles";
import { fullTiles, partialTiles, tilePath, treePrefix } from "@/lib/audit/tree/tile-names";
import { database } from "@/lib/db/client";
import { auditCheckpoints } from "@/lib/db/schema/audit";
import { appendAuditEvents } from "@/lib/operation/event-append";
import { auditEvent } from "@/lib/operation/audit-event";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import type { ObjectStore } from "@/lib/storage/object-store";
import { configuredStore } from "@/lib/storage/configured-store";
import { append, asAttacker, auditorContext, emptyLog, ended, seal, verify } from "../../support/log-under-test";

const store = () => configuredStore();
const keys = async () => (await store().list({ prefix: "tlog/", limit: 1000 })).objects.map(({ key }) => key).sort();
const later = (hours: number) => new Date(Date.now() + hours * 60 * 60_000);
const rows = () => database().select().from(auditCheckpoints).orderBy(asc(auditCheckpoints.sequence));
const put = (key: string, body: Buffer) => store().put(key, body, { contentType: "text/plain", ifNoneMatch: null });

beforeEach(emptyLog);

/** Appends many events in one transaction, so that tiles become full. */
async function appendMany(count: number): Promise<void> {
  const events = Array.from({ length: count }, () => auditEvent("recording.stored"));
  await auditedTransaction((tx) => appendAuditEvents(tx, auditorContext(), events));
  await ended();
}

it("names tiles as C2SP does", () => {
  expect(tilePath({ level: 0, index: 1_234_067, width: 256 })).toBe("tile/0/x001/x234/067");
  expect(tilePath({ level: 1, index: 0, width: 17 })).toBe("tile/1/000.p/17");
  // The example of the specification: a tree of 70,000 leaves.
  const counts = [0, 1, 2].map((level) => [...fullTiles(0, 70_000)].filter((tile) => tile.level === level).length);
  expect(counts).toEqual([273, 1, 0]);
  expect([...partialTiles(70_000)].map(({ level, width }) => [level, width])).toEqual([
    [0, 112],
    [1, 17],
    [2, 1],
  ]);
  expect([...fullTiles(0, 1_000_001)].length).toBe(3906 + 15);
});

describe("publication", () => {
  it("writes the checkpoint with all tiles of its tree, once an hour, and nothing twice", async () => {
    await appendMany(700);
    await seal();
    const [first] = await rows();
    const prefix = treePrefix(first!.origin);
    const expected = ["checkpoints/000000000001", "tile/0/000", "tile/0/001", `tile/0/002.p/${first!.size - 512}`];
    expect(await keys()).toEqual([...expected, "tile/1/000.p/2"].map((path) => prefix + path));
    await append(2);
    await seal();
    expect((await keys()).length).toBe(5);
    expect(await publishTree(store(), database(), later(1))).toBe(1);
    expect(await publishTree(store(), database(), later(1))).toBe(0);
    const tile = unpackLeaves(await readObject(store(), `${prefix}tile/0/001`));
    const upper = unpackLeaves(await readObject(store(), `${prefix}tile/1/000.p/2`));
    expect([tile.length, upper[1]]).toEqual([256, merkleRoot(tile)]);
    expect(await verify({ readsAllTiles: true })).toMatchObject({ verdict: "whole", counts: {} });
  });

  it("goes on after a crash at any object", async () => {
    await appendMany(300);
    await sealEvents();
    await anchorSeals(store(), database());
    for (let left = 0, done = false; !done; left += 1) {
      const mortal = dyingAfter(left);
      done = await publishTree(mortal, database()).then(
        () => true,
        () => false,
      );
    }
    const marked = await database().$count(auditCheckpoints, isNotNull(auditCheckpoints.publishedAt));
    expect([marked, (await keys()).length]).toEqual([1, 4]);
    expect(await verify({ readsAllTiles: true })).toMatchObject({ verdict: "whole", counts: {} });
  });

  it("never makes tiles of leaves that do not give the signed root", async () => {
    await append(3);
    await sealEvents();
    await anchorSeals(store(), database());
    await asAttacker(
      (sql) => sql`update audit_seals set leaves = set_byte(leaves, 40, (get_byte(leaves, 40) + 1) % 256)`,
    );
    await expect(publishTree(store(), database())).rejects.toThrow("do not give its checkpoint");
    expect(await keys()).toEqual([]);
  });

  it("makes missing tiles anew from the database", async () => {
    await appendMany(600);
    await seal();
    const before = await keys();
    for (const key of before.slice(0, 4)) await store().deleteAllVersions(key);
    expect(await verify()).toMatchObject({ verdict: "whole", counts: { tile_missing: 1 } });
    expect((await restoreTiles(store(), database())).toSorted()).toEqual(before.slice(0, 4));
    expect(await verify({ readsAllTiles: true })).toMatchObject({ verdict: "whole", counts: {} });
  });
});

/** The store, until so many objects were written. */
function dyingAfter(objects: number): ObjectStore {
  let left = objects;
  return new Proxy(store(), {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (name === "put")
        return async (...args: Parameters<ObjectStore["put"]>) => {
          if (left === 0) throw new Error("killed");
          left -= 1;
          return target.put(...args);
        };
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

describe("verification", () => {
  const changes: [string, string, object][] = [
    ["a checkpoint's note", "update audit_checkpoints set note = note || '— x aaaaaaaa' where sequence = 2", {}],
    ["the frontier", "update audit_checkpoints set frontier = decode(repeat('00', 32), 'hex') where sequence = 3", {}],
    ["the root", "update audit_checkpoints set root = decode(repeat('00', 32), 'hex') where sequence = 2", {}],
  ];
  it.each(changes)("tells that %s was changed", async (_what, change) => {
    for (let batch = 0; batch < 3; batch += 1) {
      await append(3);
      await seal();
    }
    expect(await verify()).toMatchObject({ verdict: "whole", counts: {} });
    await asAttacker((sql) => sql.unsafe(change));
    const report = await verify();
    expect(report.verdict).toBe("broken");
    expect(Object.keys(report.counts)).toContain("checkpoint_invalid");
  });

  it("tells a checkpoint that the signing key gave to another tree", async () => {
    await append(3);
    await seal();
    const [row] = await rows();
    const root = "11".repeat(32);
    const note = signCheckpoint({ ...row!, root }, currentSigningKey().privateKey);
    await asAttacker(
      (sql) =>
        sql`update audit_checkpoints set root = ${Buffer.from(root, "hex")}, note = ${note}, published_at = null`,
    );
    expect(await verify({ store: null })).toMatchObject({ verdict: "broken", counts: { log_rewritten: 1 } });
  });

  it("tells that checkpoints are gone, and that a published one is of another tree or of a cut tail", async () => {
    await append(3);
    await seal();
    await append(2);
    await seal();
    const [first, second] = await rows();
    const prefix = treePrefix(first!.origin);
    await put(`${prefix}checkpoints/000000000002`, Buffer.from(second!.note));
    expect(await verify()).toMatchObject({ verdict: "whole" });
    const other = signCheckpoint({ ...second!, root: "22".repeat(32) }, currentSigningKey().privateKey);
    await put(`${prefix}checkpoints/000000000002`, Buffer.from(other));
    await put(`${prefix}checkpoints/000000000009`, Buffer.from(other));
    await asAttacker((sql) => sql`delete from audit_checkpoints where sequence = 2`);
    expect(await verify()).toMatchObject({ counts: { checkpoint_missing: 1, tail_cut_off: 2 } });
    await asAttacker(
      (sql) =>
        sql`insert into audit_checkpoints ${sql({
          ...{ sequence: 2, first_seal: 1, origin: second!.origin, size: second!.size },
          ...{ root: second!.root, frontier: second!.frontier, note: second!.note },
        })}`,
    );
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { log_rewritten: 1, tail_cut_off: 1 } });
    const strange = signCheckpoint({ ...second!, root: "22".repeat(32) }, generateKeyPairSync("ed25519").privateKey);
    for (const number of ["2", "9"]) await put(`${prefix}checkpoints/00000000000${number}`, Buffer.from(strange));
    await put(`${prefix}notes.txt`, Buffer.from("x"));
    expect(await verify()).toMatchObject({ verdict: "broken", counts: { tile_invalid: 3 } });
  });

  it("tells a tile that is not of the tree: those above the leaves always, those of leaves on demand", async () => {
    await appendMany(300);
    await seal();
    const [row] = await rows();
    await put(`${treePrefix(row!.origin)}tile/0/000`, Buffer.alloc(8192, 7));
    expect(await verify()).toMatchObject({ verdict: "whole" });
    expect(await verify({ readsAllTiles: true })).toMatchObject({ verdict: "broken", counts: { tile_invalid: 1 } });
  });
});
