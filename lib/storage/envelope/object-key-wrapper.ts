import {
  ChunkedAeadError,
  encodeHeader,
  ciphertextSize,
  DEFAULT_CHUNK_SIZE_LOG2,
  plaintextSize,
  TAG_BYTES,
} from "@/lib/core/crypto/chunked-aead-format";
import { localDataKeyWrapper, type DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import type { VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { FACTS_BLOCK_BYTES } from "@/lib/storage/sealed-object";

/** The key id in the header of a sealed object. The disk store names its master key there; here the vault has it. */
const KEY_NAME = "vault";
const WRAPPED_KEY_BYTES = 60;
const CHUNK_BYTES = 2 ** DEFAULT_CHUNK_SIZE_LOG2;
const HEADER_BYTES =
  encodeHeader(DEFAULT_CHUNK_SIZE_LOG2, KEY_NAME, Buffer.alloc(WRAPPED_KEY_BYTES)).length + TAG_BYTES;

/**
 * Wraps data keys with the object's key in the vault. Each write of an object has a data key of its own, so concurrent
 * or repeated uploads of one key never share a nonce; destroying the vault's key makes all of them unreadable.
 */
export function objectKeyWrapper({ secret }: VaultKey): DataKeyWrapper {
  return localDataKeyWrapper([{ id: KEY_NAME, secret }]);
}

/** The size of a sealed object, known before it is sent. */
export function sealedSize(plainBytes: number): number {
  return FACTS_BLOCK_BYTES + ciphertextSize(plainBytes, HEADER_BYTES, CHUNK_BYTES);
}

/** The inverse of `sealedSize`, not authenticated, for lists. Returns a size that no sealed object has unchanged. */
export function impliedPlainSize(storedBytes: number): number {
  try {
    return plaintextSize(storedBytes - FACTS_BLOCK_BYTES, HEADER_BYTES, CHUNK_BYTES);
  } catch (error) {
    if (error instanceof ChunkedAeadError) return storedBytes;
    throw error;
  }
}
