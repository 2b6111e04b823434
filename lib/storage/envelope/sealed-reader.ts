import { LRUCache } from "lru-cache";
import { ChunkedAeadError } from "@/lib/core/crypto/chunked-aead-format";
import { readAll, streamOf } from "@/lib/storage/byte-streams";
import { boundedRange } from "@/lib/storage/request-checks";
import type { DataKeyVault, VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { objectKeyWrapper } from "@/lib/storage/envelope/object-key-wrapper";
import type { ObjectRange } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import {
  FIRST_READ_BYTES,
  isSealed,
  openSealedObject,
  sealedObjectError,
  type SealedObject,
} from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";
import type { ByteRange, ReadOptions } from "@/lib/storage/store-requests";

/** The first bytes of an object, and the version that they belong to. */
interface SealedFront {
  firstBytes: Buffer;
  sealedSizeBytes: number;
  etag: string;
  versionId: string | null;
}

/** Reads and decrypts sealed objects of one store. */
export class SealedReader {
  readonly #store: ObjectStore;
  readonly #vault: DataKeyVault;
  /** First bytes, still sealed, of reads of one ETag. A player requests many ranges; this saves a read for each. */
  readonly #fronts = new LRUCache<string, SealedFront>({ max: 500, ttl: 60_000 });

  constructor(store: ObjectStore, vault: DataKeyVault) {
    this.#store = store;
    this.#vault = vault;
  }

  /**
   * Opens an object; null if it was stored before sealing was turned on, so that it has no key and is not sealed.
   * @throws StoreError `key_missing` for a sealed object without a key; `integrity`.
   */
  async open(
    key: string,
    options: ReadOptions,
  ): Promise<{ object: SealedObject; front: SealedFront; vaultKey: VaultKey } | null> {
    const [front, vaultKey] = await Promise.all([this.#front(key, options), this.#vault.open(key)]);
    const { firstBytes, sealedSizeBytes, etag, versionId } = front;
    if (!vaultKey) {
      if (isSealed(firstBytes)) throw new StoreError("key_missing", "No key for this object.");
      return null;
    }
    const sameObject = { ifMatch: etag, versionId: versionId ?? undefined, signal: options.signal };
    const readSealedRange = async (start: number, endInclusive: number) =>
      (await this.#store.readRange(key, { start, endInclusive }, sameObject)).stream;
    const wrapper = objectKeyWrapper(vaultKey);
    try {
      const object = await openSealedObject({ objectKey: key, wrapper, firstBytes, sealedSizeBytes, readSealedRange });
      return { object, front, vaultKey };
    } catch (error) {
      throw asStoreError(error);
    }
  }

  /** Decrypts a range; null as `open`. */
  async readRange(key: string, range: ByteRange, options: ReadOptions): Promise<ObjectRange | null> {
    const opened = await this.open(key, options);
    if (!opened) return null;
    const { object, front } = opened;
    const { sizeBytes: totalSizeBytes, contentType } = object.facts;
    const { sizeBytes, endInclusive } = boundedRange(range, totalSizeBytes);
    return {
      stream: streamOf(object.decryptRange(range.start, endInclusive), async () => undefined, asStoreError),
      sizeBytes,
      start: range.start,
      endInclusive,
      totalSizeBytes,
      contentType,
      etag: front.etag,
      versionId: front.versionId,
    };
  }

  async #front(key: string, options: ReadOptions): Promise<SealedFront> {
    const name = options.ifMatch === undefined ? null : `${key}\n${options.versionId ?? ""}\n${options.ifMatch}`;
    const cached = name === null ? undefined : this.#fronts.get(name);
    if (cached) return cached;
    const front = await this.#fetchFront(key, options);
    if (name !== null) this.#fronts.set(name, front);
    return front;
  }

  async #fetchFront(key: string, options: ReadOptions): Promise<SealedFront> {
    try {
      const range = await this.#store.readRange(key, { start: 0, endInclusive: FIRST_READ_BYTES - 1 }, options);
      const { totalSizeBytes: sealedSizeBytes, etag, versionId } = range;
      return { firstBytes: await readAll(range.stream), sealedSizeBytes, etag, versionId };
    } catch (error) {
      // An empty object has no range.
      if (error instanceof StoreError && error.code === "range_not_satisfiable")
        return { firstBytes: Buffer.alloc(0), sealedSizeBytes: 0, etag: "", versionId: null };
      throw error;
    }
  }
}

function asStoreError(error: unknown): unknown {
  return error instanceof ChunkedAeadError ? sealedObjectError(error) : error;
}
