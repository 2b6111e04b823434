import { hash } from "node:crypto";

/** What surrounds a range of leaves in a tree: `before` leaves, their frontier, and the hashes to its right. */
export type Surroundings = { before: number; left: readonly string[]; right: readonly string[] };

/** All levels of a range of a tree, so that many proofs of one batch need one pass over its leaves. */
export class MerkleProver {
  readonly #levels: { first: number; hashes: readonly string[] }[] = [];

  private readonly before: number;

  /**
   * @param leaves hashes in hex.
   * @param surroundings without them the leaves are the whole tree; see `MerkleRoot.frontier` and `rightHashes`.
   */
  constructor(leaves: readonly string[], { before, left, right }: Surroundings = { before: 0, left: [], right: [] }) {
    this.before = before;
    const [lefts, rights] = [[...left], right.toReversed()];
    let [first, hashes] = [before, [...leaves]];
    for (;;) {
      if (first % 2 === 1) hashes = [lefts.pop()!, ...hashes];
      first -= first % 2;
      if (hashes.length % 2 === 1 && rights.length > 0) hashes.push(rights.pop()!);
      this.#levels.push({ first, hashes });
      if (first === 0 && hashes.length <= 1) return;
      const above: string[] = [];
      // An odd last node moves up unchanged: pairing level by level then gives the tree of RFC 6962.
      for (let index = 0; index < hashes.length; index += 2)
        above.push(index + 1 < hashes.length ? nodeHash(hashes[index]!, hashes[index + 1]!) : hashes[index]!);
      [first, hashes] = [first / 2, above];
    }
  }

  /** The audit path of a leaf of the range (RFC 6962, 2.1.1): the hashes from the leaf to the root, lowest first. */
  proof(index: number): string[] {
    const path: string[] = [];
    let position = this.before + index;
    for (const { first, hashes } of this.#levels.slice(0, -1)) {
      const sibling = hashes[(position % 2 === 0 ? position + 1 : position - 1) - first];
      if (sibling) path.push(sibling);
      position = Math.floor(position / 2);
    }
    return path;
  }
}

/** Bytes of one hash. */
export const hashBytes = 32;

/** Prefix and two children. Reused, because allocating a buffer for each node costs as much as its hash. */
const node = Buffer.alloc(1 + 2 * hashBytes, 1);

/** Hash of one entry in hex (RFC 6962, 2.1). The prefix distinguishes entries from inner nodes. */
export function leafHash(entry: string): string {
  // Strings, not buffers: a million small buffers cost more than their hashes.
  return hash("sha256", `\0${entry}`, "hex");
}

/** Hash of an inner node, in hex. */
export function nodeHash(left: string, right: string): string {
  node.write(left, 1, "hex");
  node.write(right, 1 + hashBytes, "hex");
  return hash("sha256", node, "hex");
}

/** Computes the root of entries that arrive one after the other. Keeps one hash for each level. */
export class MerkleRoot {
  readonly #levels: (string | undefined)[] = [];
  #count = 0;

  /**
   * Continues a tree from its frontier.
   * @param count leaves so far.
   * @param frontier see `frontier`. @throws RangeError if it has another number of hashes than a tree of this size.
   */
  static from(count: number, frontier: readonly string[]): MerkleRoot {
    const tree = new MerkleRoot();
    const levels = subtreeLevels(count);
    if (levels.length !== frontier.length) throw new RangeError(`a tree of ${count} leaves has another frontier`);
    for (const [index, level] of levels.entries()) tree.#levels[level] = frontier[index];
    tree.#count = count;
    return tree;
  }

  get count(): number {
    return this.#count;
  }

  add(leaf: string): void {
    let hashed = leaf;
    let level = 0;
    for (let rest = this.#count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      hashed = nodeHash(this.#levels[level]!, hashed);
      this.#levels[level] = undefined;
      level += 1;
    }
    this.#levels[level] = hashed;
    this.#count += 1;
  }

  /**
   * The root of a tree of `size` leaves that begins with these.
   * @param right see `rightHashes`. Null if there are not as many as such a tree has.
   */
  rootWith(right: readonly string[], size: number): string | null {
    const levels = [...this.#levels];
    const rest = right.values();
    let position = this.#count;
    while (position > 0 && position < size) {
      const { value: hashed } = rest.next();
      if (hashed === undefined) return null;
      let [node, level] = [hashed, lowestLevel(position)];
      position += 2 ** level;
      for (; levels[level] !== undefined; level += 1) {
        node = nodeHash(levels[level]!, node);
        levels[level] = undefined;
      }
      levels[level] = node;
    }
    if (position === 0 || this.#count > size || !rest.next().done) return null;
    return rootOf(levels);
  }

  /** The roots of the largest complete subtrees, from left to right: all that is needed to add further leaves. */
  frontier(): string[] {
    return this.#levels.filter((hashed) => hashed !== undefined).toReversed();
  }

  /** The root over all leaves so far, in hex. @throws Error if there are no leaves. */
  root(): string {
    return rootOf(this.#levels);
  }
}

/** The root over complete subtrees, one hash for some of the levels. */
function rootOf(levels: readonly (string | undefined)[]): string {
  const present = levels.filter((level) => level !== undefined);
  if (present.length === 0) throw new Error("a tree needs a leaf");
  return present.reduce((right, left) => nodeHash(left, right));
}

/** The level of the largest subtree that may begin at a position other than 0: its lowest set bit. */
export function lowestLevel(position: number): number {
  let level = 0;
  for (let rest = position; rest % 2 === 0; rest /= 2) level += 1;
  return level;
}

/** The levels of the largest complete subtrees of a tree, from left to right: the set bits of its size. */
export function subtreeLevels(count: number): number[] {
  const bits = count.toString(2);
  return [...bits].flatMap((bit, index) => (bit === "1" ? [bits.length - 1 - index] : []));
}

/** The root over a list of leaves, in hex. */
export function merkleRoot(leaves: readonly string[]): string {
  const tree = new MerkleRoot();
  for (const leaf of leaves) tree.add(leaf);
  return tree.root();
}

/** Packs hashes as the database and tiles store them: 32 bytes each, concatenated. */
export function packLeaves(leaves: readonly string[]): Buffer {
  return Buffer.from(leaves.join(""), "hex");
}

export function unpackLeaves(packed: Buffer): string[] {
  return Array.from({ length: Math.floor(packed.length / hashBytes) }, (_, index) =>
    packed.toString("hex", index * hashBytes, (index + 1) * hashBytes),
  );
}

/**
 * The root computed from a leaf and its audit path (RFC 9162, 2.1.3.2), or null if the path does not fit the position.
 */
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
