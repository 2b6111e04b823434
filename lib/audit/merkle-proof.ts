import { hashBytes, nodeHash } from "@/lib/audit/merkle-tree";

/** All levels of a tree, so that many proofs of one batch cost one pass over its leaves. */
export class MerkleProver {
  readonly #levels: Buffer[][];

  /** @param leaves hashes of 32 bytes, one after the other. */
  constructor(leaves: Buffer) {
    const level = Array.from({ length: leaves.length / hashBytes }, (_, index) => leaves.subarray(index * hashBytes, (index + 1) * hashBytes));
    this.#levels = [level];
    for (let below = level; below.length > 1; ) {
      const above: Buffer[] = [];
      // An odd last node rises as it is: with that, pairing level by level is the tree of RFC 6962.
      for (let index = 0; index < below.length; index += 2) above.push(index + 1 < below.length ? nodeHash(below[index]!, below[index + 1]!) : below[index]!);
      this.#levels.push(above);
      below = above;
    }
  }

  /** The audit path of one leaf (RFC 6962, 2.1.1): the hashes that lead from it to the root, lowest first. */
  proof(index: number): Buffer[] {
    const path: Buffer[] = [];
    let position = index;
    for (const level of this.#levels.slice(0, -1)) {
      const sibling = level[position ^ 1];
      if (sibling) path.push(sibling);
      position >>= 1;
    }
    return path;
  }
}

/** The root that a leaf and its audit path lead to (RFC 9162, 2.1.3.2), or null when the path cannot belong to that place. */
export function rootFromProof(leaf: Buffer, index: number, count: number, path: readonly Buffer[]): Buffer | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return null;
  let position = index;
  let last = count - 1;
  let node = leaf;
  for (const sibling of path) {
    if (last === 0) return null;
    if (position % 2 === 1 || position === last) {
      node = nodeHash(sibling, node);
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2);
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : null;
}
