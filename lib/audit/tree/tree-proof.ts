import { lowestLevel, nodeHash, subtreeLevels } from "@/lib/audit/merkle-tree";

/** The root over the leaves of one complete subtree: 2^level leaves from index * 2^level on. */
export type SubtreeRoots = { subtree(level: number, index: number): Promise<string> };

/** The audit path of a leaf in a tree of this size (RFC 6962, 2.1.1): the hashes from the leaf to the root. */
export async function inclusionPath(roots: SubtreeRoots, leaf: number, size: number): Promise<string[]> {
  if (leaf < 0 || leaf >= size) throw new RangeError(`a tree of ${size} leaves has no leaf ${leaf}`);
  const path: string[] = [];
  for (let [start, end] = [0, size]; end - start > 1;) {
    const middle = start + largestPowerBelow(end - start);
    const isLeft = leaf < middle;
    path.push(await rangeRoot(roots, ...(isLeft ? ([middle, end] as const) : ([start, middle] as const))));
    if (isLeft) end = middle;
    else start = middle;
  }
  return path.toReversed();
}

/** The proof that a tree of `to` leaves begins with the one of `from` leaves (RFC 6962, 2.1.2). */
export async function consistencyPath(roots: SubtreeRoots, from: number, to: number): Promise<string[]> {
  if (from < 1 || from > to) throw new RangeError(`a tree of ${to} leaves does not begin with one of ${from}`);
  if (from === to) return [];
  const path: string[] = [];
  let [start, end] = [0, to];
  while (from !== end) {
    const middle = start + largestPowerBelow(end - start);
    const isLeft = from <= middle;
    path.push(await rangeRoot(roots, ...(isLeft ? ([middle, end] as const) : ([start, middle] as const))));
    if (isLeft) end = middle;
    else start = middle;
  }
  if (start > 0) path.push(await rangeRoot(roots, start, end));
  return path.toReversed();
}

/** The hashes of the largest complete subtrees of the first leaves of a tree, from left to right: their frontier. */
export async function leftHashes(roots: SubtreeRoots, leaves: number): Promise<string[]> {
  const hashes: string[] = [];
  let start = 0;
  for (const level of subtreeLevels(leaves)) {
    hashes.push(await roots.subtree(level, start / 2 ** level));
    start += 2 ** level;
  }
  return hashes;
}

/**
 * The hashes of the largest subtrees to the right of the first leaves of a tree, from left to right. With the frontier
 * of those leaves they give the root of a tree of this size.
 */
export async function rightHashes(roots: SubtreeRoots, leaves: number, size: number): Promise<string[]> {
  if (leaves < 1 || leaves > size) throw new RangeError(`a tree of ${size} leaves does not begin with ${leaves}`);
  const hashes: string[] = [];
  for (let start = leaves; start < size;) {
    const end = Math.min(start + 2 ** lowestLevel(start), size);
    hashes.push(await rangeRoot(roots, start, end));
    start = end;
  }
  return hashes;
}

/** The root over a range of leaves that is a node of the tree: its start is a multiple of a power of two above it. */
async function rangeRoot(roots: SubtreeRoots, start: number, end: number): Promise<string> {
  const length = end - start;
  const level = Math.log2(length);
  if (Number.isInteger(level)) return roots.subtree(level, start / length);
  const middle = start + largestPowerBelow(length);
  const [left, right] = [await rangeRoot(roots, start, middle), await rangeRoot(roots, middle, end)];
  return nodeHash(left, right);
}

/** The largest power of two below a number above 1. */
function largestPowerBelow(count: number): number {
  return 2 ** (Math.ceil(Math.log2(count)) - 1);
}

/** Whether a tree of `to` leaves with this root begins with the one of `from` leaves (RFC 9162, 2.1.4.2). */
export function isConsistent(
  older: { size: number; root: string },
  newer: { size: number; root: string },
  path: readonly string[],
): boolean {
  if (older.size < 1 || older.size > newer.size) return false;
  if (older.size === newer.size) return path.length === 0 && older.root === newer.root;
  // A complete older tree is a node of the newer one, and not in the proof.
  const [first, ...others] = Number.isInteger(Math.log2(older.size)) ? [older.root, ...path] : path;
  if (first === undefined) return false;
  let [node, last] = [older.size - 1, newer.size - 1];
  for (; node % 2 === 1; node = Math.floor(node / 2)) last = Math.floor(last / 2);
  let [before, after] = [first, first];
  for (const sibling of others) {
    if (last === 0) return false;
    if (node % 2 === 1 || node === last) {
      [before, after] = [nodeHash(sibling, before), nodeHash(sibling, after)];
      for (; node % 2 === 0 && node !== 0; node /= 2) last = Math.floor(last / 2);
    } else after = nodeHash(after, sibling);
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 && before === older.root && after === newer.root;
}
