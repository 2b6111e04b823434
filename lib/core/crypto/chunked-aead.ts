import { randomBytes } from "node:crypto";
import {
  chunkContext,
  DEFAULT_CHUNK_SIZE_LOG2,
  encodeHeader,
  SEALED_CHUNK,
  SEALED_HEADER,
  SEALED_NOTE,
  sealPiece,
} from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";

/** Encrypts one object. Write `header`, then everything that `encrypt` yields. */
export interface ObjectEncryptor {
  header: Buffer;
  keyId: string;
  chunkSizeBytes: number;
  /** Encrypts a stream of plaintext with one chunk in memory. Call it once. */
  encrypt(plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer>;
  /** Encrypts facts about the object with the same data key; the caller stores them. Call it once. */
  sealNote(note: Uint8Array): Buffer;
}

/**
 * Begins the encryption of one object with a new data key.
 * @param objectKey authenticated in every piece: the result opens only under this key.
 * @param chunkSizeLog2 10 to 24; default: 16 (64 KiB).
 */
export async function beginObjectEncryption(
  objectKey: string,
  wrapper: DataKeyWrapper,
  chunkSizeLog2: number = DEFAULT_CHUNK_SIZE_LOG2,
): Promise<ObjectEncryptor> {
  const dataKey = randomBytes(32);
  const { keyId, wrappedKey } = await wrapper.wrap(dataKey, objectKey);
  const head = encodeHeader(chunkSizeLog2, keyId, wrappedKey);
  const headerTag = sealPiece(dataKey, SEALED_HEADER, 0, headerContext(head, objectKey), Buffer.alloc(0));
  let noteSealed = false;
  let begun = false;
  return {
    header: Buffer.concat([head, headerTag]),
    keyId,
    chunkSizeBytes: 2 ** chunkSizeLog2,
    encrypt(plaintext) {
      if (begun) throw new Error("an encryptor encrypts one object");
      begun = true;
      return encryptChunks(dataKey, objectKey, 2 ** chunkSizeLog2, plaintext);
    },
    sealNote(note) {
      if (noteSealed) throw new Error("a nonce must not be used twice");
      noteSealed = true;
      return sealPiece(dataKey, SEALED_NOTE, 0, Buffer.from(objectKey), note);
    },
  };
}

/** Additional data of the header's tag. */
export function headerContext(head: Buffer, objectKey: string): Buffer {
  return Buffer.concat([head, Buffer.from(objectKey)]);
}

async function* encryptChunks(
  dataKey: Buffer,
  objectKey: string,
  chunkSizeBytes: number,
  plaintext: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Buffer> {
  const pending = Buffer.allocUnsafe(chunkSizeBytes);
  let filled = 0;
  let index = 0;
  for await (const piece of plaintext) {
    let offset = 0;
    while (offset < piece.length) {
      // A full chunk is held until another byte shows that it is not the last chunk.
      if (filled === chunkSizeBytes) {
        yield sealPiece(dataKey, SEALED_CHUNK, index, chunkContext(objectKey, index, false), pending);
        index += 1;
        filled = 0;
      }
      const taken = Math.min(chunkSizeBytes - filled, piece.length - offset);
      pending.set(piece.subarray(offset, offset + taken), filled);
      filled += taken;
      offset += taken;
    }
  }
  yield sealPiece(dataKey, SEALED_CHUNK, index, chunkContext(objectKey, index, true), pending.subarray(0, filled));
}
