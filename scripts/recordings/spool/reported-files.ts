import { createHash } from "node:crypto";

/** As many are kept for certain; twice as many at most. */
const most = 250_000;
const slotCount = 2 ** 19;

/**
 * Remembers what was said about which files, so that it is said once. Keeps 8 bytes for each: a spool may have a
 * million files. Forgets the older half when both halves are full.
 */
export class ReportedFiles {
  #younger = new Digests();
  #older: Digests | null = null;

  /** False if this was added before. */
  add(file: string, text = ""): boolean {
    const digest = digestOf(file, text);
    if (this.#knows(digest)) return false;
    if (this.#younger.size >= most) {
      this.#older = this.#younger;
      this.#younger = new Digests();
    }
    this.#younger.add(digest);
    return true;
  }

  has(file: string, text = ""): boolean {
    return this.#younger.size > 0 && this.#knows(digestOf(file, text));
  }

  #knows(digest: number): boolean {
    return this.#younger.has(digest) || (this.#older?.has(digest) ?? false);
  }
}

/** A hash table with open addressing, at most half full. A slot of 0 is empty. */
class Digests {
  readonly #slots = new Float64Array(slotCount);
  size = 0;

  has(digest: number): boolean {
    return this.#slots[this.#slotOf(digest)] === digest;
  }

  add(digest: number): void {
    this.#slots[this.#slotOf(digest)] = digest;
    this.size += 1;
  }

  /** The slot that holds the digest, or the empty one where it belongs. */
  #slotOf(digest: number): number {
    let slot = digest % slotCount;
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== digest) slot = (slot + 1) % slotCount;
    return slot;
  }
}

/** 1 to 2^48: two of a million files have the same with a chance of one in five hundred. */
const digestOf = (file: string, text: string) =>
  createHash("sha256").update(`${file}\0${text}`).digest().readUIntBE(0, 6) + 1;
