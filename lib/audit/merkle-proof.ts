import { nodeHash } from "@/lib/audit/merkle-tree";

/** All levels of a tree, so that many proofs of one batch cost one pass over its leaves. */
export class MerkleProver {
  readonly #levels: (readonly string[])[];

  /** @param leaves hashes in hex. */
  constructor(leaves: readonly string[]) {
    this.#levels = [leaves];
    for (let below = leaves; below.length > 1;) {
      const above: string[] = [];
      // An odd last node rises as it is: with that, pairing level by level is the tree of RFC 6962.
      for (let index = 0; index < below.length; index += 2)
        above.push(index + 1 < below.length ? nodeHash(below[index]!, below[index + 1]!) : below[index]!);
      this.#levels.push(above);
      below = above;
    }
  }

  /** The audit path of one leaf (RFC 6962, 2.1.1): the hashes that lead from it to the root, lowest first. */
  proof(index: number): string[] {
    const path: string[] = [];
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
export function rootFromProof(leaf: string, index: number, count: number, path: readonly string[]): string | null {
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
