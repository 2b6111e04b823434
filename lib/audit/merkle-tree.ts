import { hash } from "node:crypto";

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);

/** Bytes of one hash. */
export const hashBytes = 32;

/** Hash of one entry (RFC 6962, 2.1): the prefix keeps an entry from passing for an inner node. */
export function leafHash(entry: string | Uint8Array): Buffer {
  return sha256(Buffer.concat([leafPrefix, typeof entry === "string" ? Buffer.from(entry) : entry]));
}

/** Hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(Buffer.concat([nodePrefix, left, right]));
}

function sha256(data: Uint8Array): Buffer {
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
    let node = leaf;
    let level = 0;
    for (let rest = this.#count; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      node = nodeHash(this.#levels[level]!, node);
      this.#levels[level] = undefined;
      level += 1;
    }
    this.#levels[level] = node;
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
