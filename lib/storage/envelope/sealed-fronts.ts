import { LRUCache } from "lru-cache";
import type { ObjectStore, ReadOptions } from "@/lib/storage/object-store";
import { readAll } from "@/lib/storage/byte-streams";
import { FIRST_READ_BYTES } from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";

/** The first bytes of an object, and which object they are of. */
export interface SealedFront {
  firstBytes: Buffer;
  sealedSizeBytes: number;
  etag: string;
  versionId: string | null;
}

/**
 * First bytes of objects. A player asks for many ranges of one recording: those that it pins to a version or an ETag
 * are kept for a minute, sealed as they are, which saves a read at the store for each.
 */
export class SealedFronts {
  readonly #kept = new LRUCache<string, SealedFront>({ max: 500, ttl: 60_000 });

  constructor(private readonly store: ObjectStore) {}

  async read(key: string, options: ReadOptions): Promise<SealedFront> {
    const name = options.ifMatch === undefined ? null : `${key}\n${options.versionId ?? ""}\n${options.ifMatch}`;
    const known = name === null ? undefined : this.#kept.get(name);
    if (known) return known;
    const front = await this.#fetch(key, options);
    if (name !== null) this.#kept.set(name, front);
    return front;
  }

  async #fetch(key: string, options: ReadOptions): Promise<SealedFront> {
    try {
      const range = await this.store.readRange(key, { start: 0, endInclusive: FIRST_READ_BYTES - 1 }, options);
      const { totalSizeBytes: sealedSizeBytes, etag, versionId } = range;
      return { firstBytes: await readAll(range.stream), sealedSizeBytes, etag, versionId };
    } catch (error) {
      // An object of no bytes has no range.
      if (error instanceof StoreError && error.code === "range_not_satisfiable")
        return { firstBytes: Buffer.alloc(0), sealedSizeBytes: 0, etag: "", versionId: null };
      throw error;
    }
  }
}
