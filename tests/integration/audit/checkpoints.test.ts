import { generateKeyPairSync } from "node:crypto";
import { asc } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { leafHash, merkleRoot, packLeaves } from "@/lib/audit/merkle-tree";
import { signSeal } from "@/lib/audit/seal";
import { readLeaves, sealRowOf, signedSealOf } from "@/lib/audit/seal-row";
import { configuredPublicKeys, currentSigningKey } from "@/lib/audit/signing-keys";
import { appendCheckpoint } from "@/lib/audit/tree/append-checkpoint";
import { openCheckpoint } from "@/lib/audit/tree/checkpoint";
import { readTreeStart } from "@/lib/audit/tree/checkpoint-row";
import { StoredTree } from "@/lib/audit/tree/stored-tree";
import { lastSeal } from "@/lib/audit/unsealed-range";
import { database } from "@/lib/db/client";
import { auditCheckpoints, auditSeals } from "@/lib/db/schema/audit";
import { append, asAttacker, emptyLog, seal } from "../../support/log-under-test";

beforeEach(emptyLog);

const checkpoints = () => database().select().from(auditCheckpoints).orderBy(asc(auditCheckpoints.sequence));

async function sealBatches(...sizes: number[]): Promise<void> {
  for (const size of sizes) {
    await append(size);
    await seal();
  }
}

/** Adds seals with made-up leaves, as the sealer does for events. */
async function sealLeaves(sizes: readonly number[]): Promise<void> {
  for (const size of sizes)
    await database().transaction(async (tx) => {
      const last = (await lastSeal(tx))!;
      const leaves = Array.from({ length: size }, (_, index) => leafHash(`${last.sequence}/${index}`));
      const { seal: body } = signedSealOf(last);
      const seal = {
        ...body,
        sequence: last.sequence + 1,
        transactionFrom: body.transactionTo,
        transactionTo: String(BigInt(body.transactionTo) + 1n),
        eventCount: size,
        merkleRoot: merkleRoot(leaves),
        previousHash: last.hash.toString("hex"),
      };
      await tx.insert(auditSeals).values(sealRowOf(signSeal(seal, currentSigningKey().privateKey), packLeaves(leaves)));
      await appendCheckpoint(tx, seal, last, leaves);
    });
}

/** The leaves of the tree that began with this seal, computed from the definition. */
async function leavesOfTree(origin: string, firstSeal: number, lastSeal: number): Promise<string[]> {
  const leaves = [leafHash(await readTreeStart(database(), origin, firstSeal))];
  for (let sequence = firstSeal; sequence <= lastSeal; sequence += 1)
    leaves.push(...(await readLeaves(database(), sequence)));
  return leaves;
}

describe("the hashes of the tree, from seals and frontiers", () => {
  it("are those of its leaves, for every subtree and across seals", async () => {
    await sealBatches(3, 1, 6, 2);
    // Seals of hundreds of events, of which only the leaves matter here.
    await sealLeaves([700, 5, 1, 290, 2, 1100]);
    const rows = await checkpoints();
    const { origin, size } = rows.at(-1)!;
    const leaves = await leavesOfTree(origin, 1, rows.length);
    expect(leaves.length).toBe(size);
    const tree = new StoredTree(database(), { origin, firstSeal: 1 });
    for (const [start, count] of [
      [0, 1],
      [0, 5],
      [4, 1],
      [5, 700],
      [13, 2],
      [1000, size - 1000],
    ] as const)
      expect(await tree.leaves(start, count)).toEqual(leaves.slice(start, start + count));
    for (let level = 0; 2 ** level <= size; level += 1)
      for (const index of [0, 1, Math.floor(size / 2 ** level) - 1].filter((at) => (at + 1) * 2 ** level <= size))
        expect(await tree.subtree(level, index)).toBe(
          merkleRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
        );
    await expect(tree.leaves(size - 1, 2)).rejects.toThrow();
  });
});

describe("the tree over all events", () => {
  it("grows with each seal and has the root of all leaves in log order", async () => {
    await sealBatches(3, 1, 6, 2);
    const rows = await checkpoints();
    expect(rows.map(({ size, firstSeal }) => [size, firstSeal])).toEqual([
      [5, 1],
      [6, 1],
      [12, 1],
      [14, 1],
    ]);
    for (const { sequence, origin, root, note, size } of rows) {
      const leaves = await leavesOfTree(origin, 1, sequence);
      expect(root.toString("hex")).toBe(merkleRoot(leaves));
      expect(openCheckpoint(note, currentSigningKey().publicKey)).toEqual({
        ...{ origin, size },
        root: merkleRoot(leaves),
      });
    }
  });

  it("has a name without personal data: host, epoch and first seal", async () => {
    await sealBatches(1);
    const [row] = await checkpoints();
    expect(row!.origin).toMatch(/^[a-z0-9.:-]+\/audit-log\/\d+-[0-9A-F]*-\d+-\d+\/1$/);
    expect(openCheckpoint(row!.note, generateKeyPairSync("ed25519").publicKey)).toBeNull();
  });

  it("begins after the seals of an earlier version and commits to the last of them", async () => {
    await sealBatches(2, 2);
    await asAttacker((sql) => sql`truncate audit_checkpoints`);
    await sealBatches(3);
    const [row, ...others] = await checkpoints();
    expect(others).toEqual([]);
    expect(row).toMatchObject({ sequence: 3, firstSeal: 3, size: 4 });
    const [, second] = await database().select({ hash: auditSeals.hash }).from(auditSeals).orderBy(auditSeals.sequence);
    const start = JSON.parse(await readTreeStart(database(), row!.origin, 3)) as { tree: unknown };
    expect(start.tree).toMatchObject({
      type: "custodia.audit-tree.v1",
      origin: row!.origin,
      previousSeal: { sequence: 2, hash: second!.hash.toString("hex") },
    });
    expect(row!.root.toString("hex")).toBe(merkleRoot(await leavesOfTree(row!.origin, 3, 3)));
  });

  it("begins anew in a new epoch", async () => {
    await sealBatches(2);
    // As in a restored database: its seals name an epoch that is not the present one.
    await asAttacker((sql) => sql`update audit_seals set epoch = 'other-1-1-1', anchor_epoch = 'other-1-1-1'`);
    await asAttacker((sql) => sql`update audit_events set epoch = 'other-1-1-1'`);
    await sealBatches(2, 1);
    const rows = await checkpoints();
    expect(rows.map(({ firstSeal }) => firstSeal)).toEqual([1, 2, 2]);
    expect(rows[1]!.origin).not.toBe(rows[0]!.origin);
    expect(JSON.parse(await readTreeStart(database(), rows[1]!.origin, 2))).toMatchObject({
      tree: { previousSeal: { sequence: 1, epoch: "other-1-1-1" } },
    });
  });

  it.each([
    ["frontier", "update audit_checkpoints set frontier = set_byte(frontier, 3, (get_byte(frontier, 3) + 1) % 256)"],
    ["size", "update audit_checkpoints set size = size + 1"],
    ["note", "update audit_checkpoints set note = replace(note, E'\\n5\\n', E'\\n6\\n')"],
  ])("is never extended from a changed %s: a new one begins", async (_what, change) => {
    await sealBatches(3);
    await asAttacker((sql) => sql.unsafe(change));
    await sealBatches(2);
    const rows = await checkpoints();
    expect(rows[1]).toMatchObject({ firstSeal: 2, size: 3 });
    expect(openCheckpoint(rows[1]!.note, configuredPublicKeys().get("k1") ?? currentSigningKey().publicKey)).toEqual({
      origin: rows[1]!.origin,
      size: 3,
      root: merkleRoot(await leavesOfTree(rows[1]!.origin, 2, 2)),
    });
  });
});
