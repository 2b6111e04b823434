import {
  encodeHeader,
  ciphertextSize,
  DEFAULT_CHUNK_SIZE_LOG2,
  plaintextSize,
  TAG_BYTES,
} from "@/lib/core/crypto/chunked-aead-format";
import { localDataKeyWrapper, type DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import type { VaultKey } from "@/lib/storage/envelope/data-key-vault";
import { FACTS_BLOCK_BYTES } from "@/lib/storage/sealed-object";

/**
 * Stands in the object's header where the disk store names its master key: the key is the object's own, in the vault.
 */
const KEY_NAME = "vault";
const WRAPPED_KEY_BYTES = 60;
const CHUNK_BYTES = 2 ** DEFAULT_CHUNK_SIZE_LOG2;
const HEADER_BYTES =
  encodeHeader(DEFAULT_CHUNK_SIZE_LOG2, KEY_NAME, Buffer.alloc(WRAPPED_KEY_BYTES)).length + TAG_BYTES;

/**
 * Each writing of an object has a data key of its own, wrapped into the header by the object's key. So two uploads of
 * one key, or one that failed and was repeated, never share a nonce; and one key in the vault opens, or ends, all of
 * them.
 */
export function objectKeyWrapper({ secret }: VaultKey): DataKeyWrapper {
  return localDataKeyWrapper([{ id: KEY_NAME, secret }]);
}

/** Bytes of a sealed object, known before the first is sent. */
export function sealedSize(plainBytes: number): number {
  return FACTS_BLOCK_BYTES + ciphertextSize(plainBytes, HEADER_BYTES, CHUNK_BYTES);
}

/** The inverse, not authenticated; for lists. @throws ChunkedAeadError for the size of no sealed object. */
export function openedSize(sealedBytes: number): number {
  return plaintextSize(sealedBytes - FACTS_BLOCK_BYTES, HEADER_BYTES, CHUNK_BYTES);
}
