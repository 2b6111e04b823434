import { createHash } from "node:crypto";
import { beginObjectEncryption } from "@/lib/core/crypto/chunked-aead";
import type { VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { objectKeyWrapper, sealedSize } from "@/lib/storage/envelope/object-key-wrapper";
import { measureBody, readAll } from "@/lib/storage/byte-streams";
import type { PutOptions, ObjectStore, ReadOptions } from "@/lib/storage/object-store";
import { sealFacts, FIRST_READ_BYTES } from "@/lib/storage/sealed-object";
import { StoreError } from "@/lib/storage/store-error";
import { LRUCache } from "lru-cache";

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

export interface SealedBody {
  pieces: AsyncGenerator<Uint8Array>;
  sealedSizeBytes: number;
  sizeBytes: number;
  /** Null while a streamed body whose hash was not announced has not passed. */
  sha256: () => string | null;
  /** Why the body was refused, whatever the store made of a body that broke off. */
  failure: () => unknown;
}

/**
 * Encrypts a body as it passes, one chunk in memory. The facts come first, so that one read opens the object: what is
 * not announced cannot be among them, and the SHA-256 of a stream that nobody hashed before stays out.
 */
export async function sealBody(
  objectKey: string,
  key: VaultKey,
  body: Uint8Array | ReadableStream<Uint8Array>,
  options: PutOptions,
): Promise<SealedBody> {
  const announced = announcedOf(body, options);
  const encryptor = await beginObjectEncryption(objectKey, objectKeyWrapper(key));
  const { pieces, measured } = measureBody(body instanceof Uint8Array ? [body] : body, announced);
  const facts = { ...announced, contentType: options.contentType, etag: "", storedAt: new Date().toISOString() };
  let failure: unknown;
  async function* sealed(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.concat([sealFacts(encryptor, facts), encryptor.header]);
      yield* encryptor.encrypt(pieces);
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  return {
    pieces: sealed(),
    sealedSizeBytes: sealedSize(announced.sizeBytes),
    sizeBytes: announced.sizeBytes,
    sha256: () => announced.sha256 ?? (measured.sha256 || null),
    failure: () => failure,
  };
}

function announcedOf(
  body: Uint8Array | ReadableStream<Uint8Array>,
  options: PutOptions,
): { sizeBytes: number; sha256: string | null } {
  if (body instanceof Uint8Array) {
    const sha256 = createHash("sha256").update(body).digest("hex");
    if (options.sizeBytes !== undefined && options.sizeBytes !== body.length)
      throw new StoreError("size_mismatch", "The body size differs from the declared size.");
    if (options.sha256 !== undefined && options.sha256 !== sha256)
      throw new StoreError("checksum_mismatch", "The body does not match the declared SHA-256.");
    return { sizeBytes: body.length, sha256 };
  }
  if (options.sizeBytes === undefined) throw new StoreError("invalid_request", "A streamed body requires a size.");
  return { sizeBytes: options.sizeBytes, sha256: options.sha256 ?? null };
}
