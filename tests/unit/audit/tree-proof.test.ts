import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash, MerkleProver, merkleRoot, MerkleRoot, rootFromProof } from "@/lib/audit/merkle-tree";
import { consistencyPath, inclusionPath, isConsistent, leftHashes, rightHashes } from "@/lib/audit/tree/tree-proof";

const leaves = Array.from({ length: 200 }, (_, index) => leafHash(`entry ${index}`));

/** The roots of complete subtrees, from the definition. */
const roots = {
  subtree: async (level: number, index: number) =>
    merkleRoot(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)),
};

const rootOf = (size: number) => ({ size, root: merkleRoot(leaves.slice(0, size)) });
const sizes = fc.integer({ min: 1, max: leaves.length });
const other = leafHash("another");

describe("a proof of inclusion", () => {
  it("leads from each leaf to the root, and from no other leaf", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (size, pick) => {
        const index = pick % size;
        const path = await inclusionPath(roots, index, size);
        expect(rootFromProof(leaves[index]!, index, size, path)).toBe(rootOf(size).root);
        expect(rootFromProof(other, index, size, path)).not.toBe(rootOf(size).root);
      }),
    );
  });

  it("is refused for a leaf outside the tree", async () => {
    await expect(inclusionPath(roots, 7, 7)).rejects.toThrow(RangeError);
  });
});

describe("a proof of consistency", () => {
  it("holds for each older and newer tree", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, async (one, two) => {
        const [from, to] = [Math.min(one, two), Math.max(one, two)];
        const path = await consistencyPath(roots, from, to);
        expect(isConsistent(rootOf(from), rootOf(to), path)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it("fails with another root, another size, or a hash more, less or changed", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, sizes, fc.nat(), async (one, two, pick) => {
        fc.pre(one !== two);
        const [from, to] = [rootOf(Math.min(one, two)), rootOf(Math.max(one, two))];
        const path = await consistencyPath(roots, from.size, to.size);
        expect(isConsistent({ ...from, root: other }, to, path)).toBe(false);
        expect(isConsistent(from, { ...to, root: other }, path)).toBe(false);
        expect(isConsistent(to, from, path)).toBe(false);
        expect(isConsistent(from, to, [...path, other])).toBe(false);
        if (path.length === 0) return;
        expect(isConsistent(from, to, path.slice(1))).toBe(false);
        expect(isConsistent(from, to, path.with(pick % path.length, other))).toBe(false);
      }),
    );
  });
});

/** A range of leaves in a tree: `from` before it, and `size` in all. */
const ranges = fc
  .tuple(sizes, sizes, sizes)
  .map((some) => some.toSorted((a, b) => a - b) as [number, number, number])
  .filter(([from, to]) => from < to);

describe("a range of leaves", () => {
  it("gives the root with the hashes to its left and right, and not with a hash more, less or changed", async () => {
    await fc.assert(
      fc.asyncProperty(ranges, fc.nat(), async ([from, to, size], pick) => {
        const tree = MerkleRoot.from(from, await leftHashes(roots, from));
        for (const leaf of leaves.slice(from, to)) tree.add(leaf);
        const right = await rightHashes(roots, to, size);
        expect(tree.rootWith(right, size)).toBe(rootOf(size).root);
        expect(tree.rootWith([...right, other], size)).toBeNull();
        expect(tree.rootWith([], to - 1)).toBeNull();
        expect(tree.root()).toBe(rootOf(to).root);
        if (right.length === 0) return;
        expect(tree.rootWith(right.slice(1), size)).toBeNull();
        expect(tree.rootWith(right.with(pick % right.length, other), size)).not.toBe(rootOf(size).root);
      }),
      { numRuns: 300 },
    );
  });

  it("proves each of its leaves from the hashes around it, as from all leaves", async () => {
    await fc.assert(
      fc.asyncProperty(ranges, fc.nat(), async ([from, to, size], pick) => {
        const [left, right] = [await leftHashes(roots, from), await rightHashes(roots, to, size)];
        const prover = new MerkleProver(leaves.slice(from, to), { before: from, left, right });
        const index = pick % (to - from);
        expect(prover.proof(index)).toEqual(await inclusionPath(roots, from + index, size));
      }),
      { numRuns: 300 },
    );
  });

  it("has no hashes to its right beyond the tree", async () => {
    expect(await rightHashes(roots, 7, 7)).toEqual([]);
    await expect(rightHashes(roots, 8, 7)).rejects.toThrow(RangeError);
    expect(new MerkleRoot().rootWith([], 1)).toBeNull();
  });
});
