import { createCipheriv, createDecipheriv } from "node:crypto";

/**
 * The chunked format, version 1. All numbers big-endian.
 *
 *   offset  bytes  header (authenticated by its tag)
 *   0       8      magic "CUSTAEAD"
 *   8       1      version (1)
 *   9       1      log2 of the plaintext bytes per chunk (16 = 64 KiB)
 *   10      1      length k of the key id
 *   11      k      id of the master key
 *   11+k    2      length w of the wrapped data key (60 for local keys)
 *   13+k    w      wrapped data key
 *   13+k+w  16     GCM tag over the header and the object key
 *   then each chunk: ciphertext (as long as its plaintext) + 16 bytes GCM tag
 *
 * Every chunk except the last is full; the last has 1 byte or more, and an empty object is one empty last chunk. So the
 * plaintext size follows from the ciphertext size. A data key is used for one object, so nonces are counters: byte 0 is
 * the kind of piece (0 chunk, 1 header, 2 note), bytes 4-11 are the chunk index. The additional data is the index, the
 * final flag and the object key: chunks cannot be reordered, cut, extended or moved between objects.
 * Overhead: 89 bytes + key id + 16 per 64 KiB (0.024 %).
 */
export const MAGIC = Buffer.from("CUSTAEAD");
export const FORMAT_VERSION = 1;
export const TAG_BYTES = 16;
export const DEFAULT_CHUNK_SIZE_LOG2 = 16;
/** The longest header, with space for a key wrapped by a key service. This many first bytes always contain it. */
export const MAX_HEADER_BYTES = 1024;

export type ChunkedAeadErrorCode = "tampered" | "malformed" | "unknown_key";

/** Thrown before any byte is returned that is not authentic. */
export class ChunkedAeadError extends Error {
  override readonly name = "ChunkedAeadError";

  readonly code: ChunkedAeadErrorCode;

  constructor(code: ChunkedAeadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export interface SealedHeader {
  chunkSizeBytes: number;
  keyId: string;
  wrappedKey: Buffer;
  /** Length of the whole header, tag included. */
  headerBytes: number;
}

/** The header without its tag. */
export function encodeHeader(chunkSizeLog2: number, keyId: string, wrappedKey: Buffer): Buffer {
  const id = Buffer.from(keyId);
  const wrappedLength = Buffer.alloc(2);
  wrappedLength.writeUInt16BE(wrappedKey.length);
  const header = Buffer.concat([
    MAGIC,
    Buffer.from([FORMAT_VERSION, chunkSizeLog2, id.length]),
    id,
    wrappedLength,
    wrappedKey,
  ]);
  if (id.length > 255 || header.length + TAG_BYTES > MAX_HEADER_BYTES)
    throw new ChunkedAeadError("malformed", "the header is too long");
  return header;
}

/** Parses the header in the first bytes of an object; does not authenticate it. */
export function decodeHeader(bytes: Buffer): SealedHeader {
  const malformed = (what: string) => new ChunkedAeadError("malformed", what);
  if (bytes.length < 13 + TAG_BYTES || !bytes.subarray(0, 8).equals(MAGIC)) throw malformed("not an encrypted object");
  if (bytes[8] !== FORMAT_VERSION) throw malformed("unknown format version");
  const chunkSizeLog2 = bytes[9]!;
  if (chunkSizeLog2 < 10 || chunkSizeLog2 > 24) throw malformed("unacceptable chunk size");
  const wrappedStart = 13 + bytes[10]!;
  if (bytes.length < wrappedStart) throw malformed("the header is cut off");
  const wrappedEnd = wrappedStart + bytes.readUInt16BE(wrappedStart - 2);
  const headerBytes = wrappedEnd + TAG_BYTES;
  if (bytes.length < headerBytes || headerBytes > MAX_HEADER_BYTES) throw malformed("the header is cut off");
  return {
    chunkSizeBytes: 2 ** chunkSizeLog2,
    keyId: bytes.subarray(11, wrappedStart - 2).toString(),
    wrappedKey: bytes.subarray(wrappedStart, wrappedEnd),
    headerBytes,
  };
}

/** The size of the whole encrypted object, header included. */
export function ciphertextSize(plaintextSize: number, headerBytes: number, chunkSizeBytes: number): number {
  const chunks = Math.max(1, Math.ceil(plaintextSize / chunkSizeBytes));
  return headerBytes + plaintextSize + chunks * TAG_BYTES;
}

/** The inverse of `ciphertextSize`. @throws ChunkedAeadError if no plaintext has that ciphertext size */
export function plaintextSize(sealedSize: number, headerBytes: number, chunkSizeBytes: number): number {
  const body = sealedSize - headerBytes;
  const sealedChunk = chunkSizeBytes + TAG_BYTES;
  const full = Math.floor(body / sealedChunk);
  const rest = body % sealedChunk;
  const possible = body >= TAG_BYTES && (rest === 0 || rest > TAG_BYTES || (rest === TAG_BYTES && full === 0));
  if (!possible) throw new ChunkedAeadError("tampered", "the object was cut off or extended");
  return full * chunkSizeBytes + Math.max(0, rest - TAG_BYTES);
}

/** Kinds of sealed pieces; each has its own nonces under a data key. */
export const SEALED_CHUNK = 0;
export const SEALED_HEADER = 1;
export const SEALED_NOTE = 2;

/** Encrypts one piece: ciphertext and tag. Never call it twice with one data key, kind and index. */
export function sealPiece(
  dataKey: Buffer,
  kind: number,
  index: number,
  context: Buffer,
  plaintext: Uint8Array,
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", dataKey, pieceNonce(kind, index)).setAAD(context);
  const body = cipher.update(plaintext);
  cipher.final();
  return Buffer.concat([body, cipher.getAuthTag()], body.length + TAG_BYTES);
}

/** Decrypts the result of `sealPiece`. @throws ChunkedAeadError `tampered` */
export function openPiece(dataKey: Buffer, kind: number, index: number, context: Buffer, sealed: Buffer): Buffer {
  if (sealed.length < TAG_BYTES) throw new ChunkedAeadError("tampered", "a piece is cut off");
  const decipher = createDecipheriv("aes-256-gcm", dataKey, pieceNonce(kind, index)).setAAD(context);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch (cause) {
    throw new ChunkedAeadError("tampered", "the object was altered", { cause });
  }
  return plaintext;
}

/** Additional data of a chunk: index, final flag and object key; only the last has no fixed length. */
export function chunkContext(objectKey: string, index: number, final: boolean): Buffer {
  const key = Buffer.from(objectKey);
  const context = Buffer.allocUnsafe(9 + key.length);
  context.writeBigUInt64BE(BigInt(index), 0);
  context[8] = final ? 1 : 0;
  key.copy(context, 9);
  return context;
}

function pieceNonce(kind: number, index: number): Buffer {
  const nonce = Buffer.alloc(12);
  nonce[0] = kind;
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return nonce;
}
