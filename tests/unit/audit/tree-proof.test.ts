import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leafHash, merkleRoot, rootFromProof } from "@/lib/audit/merkle-tree";
import { consistencyPath, inclusionPath, isConsistent } from "@/lib/audit/tree/tree-proof";

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
