import { beginObjectEncryption } from "@/lib/core/crypto/chunked-aead";
import { streamOf } from "@/lib/storage/byte-streams";
import { declaredSha256, declaredSize, measureBody } from "@/lib/storage/declared-body";
import type { VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { objectKeyWrapper, sealedSize } from "@/lib/storage/envelope/object-key-wrapper";
import type { StoredObject } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { sealFacts } from "@/lib/storage/sealed-object";
import type { Bytes, PutOptions } from "@/lib/storage/store-requests";

/** The content type under which the store holds sealed objects. */
export const SEALED_TYPE = "application/octet-stream";

interface SealedBody {
  pieces: AsyncGenerator<Uint8Array>;
  sealedSizeBytes: number;
  sizeBytes: number;
  /** Null until a stream without a declared hash has ended. */
  sha256: () => string | null;
  /** The error of the body itself; the store reports an interrupted body as another error. */
  failure: () => unknown;
}

/** Writes an object sealed under its key in the vault. */
export async function putSealed(
  store: ObjectStore,
  key: string,
  vaultKey: VaultKey,
  body: Bytes,
  { sha256, ...options }: PutOptions,
): Promise<StoredObject> {
  const sealed = await sealBody(key, vaultKey, body, { ...options, sha256 });
  const stream = streamOf(
    sealed.pieces,
    async () => undefined,
    (error) => error,
  );
  const sealedOptions = { ...options, contentType: SEALED_TYPE, sizeBytes: sealed.sealedSizeBytes };
  try {
    const { etag, versionId } = await store.put(key, stream, sealedOptions);
    return { sizeBytes: sealed.sizeBytes, etag, versionId, sha256: sealed.sha256() };
  } catch (error) {
    throw sealed.failure() ?? error;
  }
}

/**
 * Encrypts a body as it streams, with one chunk in memory. The facts come first, so that one read opens the object.
 * They contain only declared values: for a stream without a declared hash they have no SHA-256.
 */
async function sealBody(objectKey: string, key: VaultKey, body: Bytes, options: PutOptions): Promise<SealedBody> {
  const declared = { sizeBytes: declaredSize(body, options), sha256: declaredSha256(body, options) };
  const encryptor = await beginObjectEncryption(objectKey, objectKeyWrapper(key));
  const { pieces, measured } = measureBody(body instanceof Uint8Array ? [body] : body, declared);
  const facts = { ...declared, contentType: options.contentType, etag: "", storedAt: new Date().toISOString() };
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
    sealedSizeBytes: sealedSize(declared.sizeBytes),
    sizeBytes: declared.sizeBytes,
    sha256: () => declared.sha256 ?? (measured.sha256 || null),
    failure: () => failure,
  };
}
