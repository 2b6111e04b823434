import { hash } from "node:crypto";

const leafPrefix = Buffer.from([0]);

/** Bytes of one hash. */
export const hashBytes = 32;

/** Prefix and two children; used again and again, since a buffer for each node costs as much as its hash. */
const node = Buffer.alloc(1 + 2 * hashBytes, 1);

/** Hash of one entry (RFC 6962, 2.1): the prefix keeps an entry from passing for an inner node. */
export function leafHash(entry: string | Uint8Array): Buffer {
  return sha256(typeof entry === "string" ? `\0${entry}` : Buffer.concat([leafPrefix, entry]));
}

/** Hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  node.set(left, 1);
  node.set(right, 1 + hashBytes);
  return sha256(node);
}

function sha256(data: string | Uint8Array): Buffer {
  return hash("sha256", data, "buffer");
}

/** Computes the root of entries that arrive one after the other; keeps one hash for each level. */
export class MerkleRoot {
  readonly #levels: (Buffer | undefined)[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(leaf: Buffer): void {
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

  /** The root over all leaves so far. @throws Error when there is none. */
  root(): Buffer {
    const present = this.#levels.filter((node) => node !== undefined);
    if (present.length === 0) throw new Error("a tree needs a leaf");
    return present.reduce((right, left) => nodeHash(left, right));
  }
}

/** The root over a list of leaves (hashes of 32 bytes, one after the other). */
export function merkleRoot(leaves: Buffer): Buffer {
  const tree = new MerkleRoot();
  for (let offset = 0; offset < leaves.length; offset += hashBytes) tree.add(leaves.subarray(offset, offset + hashBytes));
  return tree.root();
}
