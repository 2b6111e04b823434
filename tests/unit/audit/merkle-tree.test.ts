import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MerkleProver, rootFromProof, leafHash, merkleRoot, MerkleRoot, subtreeLevels } from "@/lib/audit/merkle-tree";

const sha256 = (...parts: Uint8Array[]) => createHash("sha256").update(Buffer.concat(parts)).digest();

/** RFC 6962, 2.1, word for word: the slow definition. */
function definedRoot(entries: readonly string[]): Buffer {
  if (entries.length === 1) return sha256(Buffer.from([0]), Buffer.from(entries[0]!));
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  return sha256(Buffer.from([1]), definedRoot(entries.slice(0, split)), definedRoot(entries.slice(split)));
}

const entry = fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.toWellFormed());
const entries = fc.array(entry, { minLength: 1, maxLength: 70 });
const leavesOf = (list: readonly string[]) => list.map((entry) => leafHash(entry));

describe("the Merkle tree", () => {
  it("has the root of RFC 6962, computed in one pass", () => {
    fc.assert(
      fc.property(
        entries,
        (list) => void expect(merkleRoot(leavesOf(list))).toEqual(definedRoot(list).toString("hex")),
      ),
    );
  });

  it("proves each entry, and no other at its position", () => {
    fc.assert(
      fc.property(entries, fc.nat(), entry, (list, pick, other) => {
        const index = pick % list.length;
        const root = definedRoot(list).toString("hex");
        const path = new MerkleProver(leavesOf(list)).proof(index);
        expect(rootFromProof(leafHash(list[index]!), index, list.length, path)).toEqual(root);
        fc.pre(other !== list[index]);
        expect(rootFromProof(leafHash(other), index, list.length, path)).not.toEqual(root);
      }),
    );
  });

  it("refuses a path of another length and a position outside", () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, pick) => {
        const index = pick % list.length;
        const leaf = leafHash(list[index]!);
        const path = new MerkleProver(leavesOf(list)).proof(index);
        expect(rootFromProof(leaf, index, list.length, [...path, leaf])).toBeNull();
        expect(rootFromProof(leaf, list.length, list.length, path)).toBeNull();
        if (path.length > 0) expect(rootFromProof(leaf, index, list.length, path.slice(1))).toBeNull();
      }),
    );
  });

  it("continues from its frontier, and refuses that of another size", () => {
    fc.assert(
      fc.property(entries, fc.nat(), (list, pick) => {
        const leaves = leavesOf(list);
        const done = pick % (list.length + 1);
        const first = new MerkleRoot();
        for (const leaf of leaves.slice(0, done)) first.add(leaf);
        const tree = MerkleRoot.from(done, first.frontier());
        for (const leaf of leaves.slice(done)) tree.add(leaf);
        expect(tree.root()).toBe(merkleRoot(leaves));
        expect(tree.frontier().length).toBe(subtreeLevels(list.length).length);
        if (done > 0) expect(() => MerkleRoot.from(done, first.frontier().slice(1))).toThrow(RangeError);
      }),
    );
  });

  it("refuses to compute a root without leaves", () => {
    expect(() => new MerkleRoot().root()).toThrow();
  });
});
