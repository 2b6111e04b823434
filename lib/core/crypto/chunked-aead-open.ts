import { headerContext } from "@/lib/core/crypto/chunked-aead";
import {
  chunkContext,
  ChunkedAeadError,
  decodeHeader,
  MAX_HEADER_BYTES,
  openPiece,
  plaintextSize,
  SEALED_CHUNK,
  SEALED_HEADER,
  SEALED_NOTE,
  TAG_BYTES,
} from "@/lib/core/crypto/chunked-aead-format";
import type { DataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";

/** Reads exactly bytes `start` to `endInclusive` of the encrypted object, header included. */
export type ReadCiphertextRange = (start: number, endInclusive: number) => Promise<AsyncIterable<Uint8Array>>;

export interface OpenedObject {
  sizeBytes: number;
  keyId: string;
  /** Decrypts one byte range and reads only its chunks. Yields only authenticated bytes. */
  decryptRange(start: number, endInclusive: number): AsyncGenerator<Uint8Array>;
  /** Decrypts the result of `sealNote`. */
  openNote(sealedNote: Buffer): Buffer;
}

interface OpenRequest {
  objectKey: string;
  /** Size of the whole encrypted object, as the store reports it. */
  sealedSizeBytes: number;
  wrapper: DataKeyWrapper;
  readCiphertextRange: ReadCiphertextRange;
  /** The first bytes, if the caller has them already; saves a read. */
  firstBytes?: Buffer;
  /**
   * The authentic plaintext size, if the caller has it. Otherwise the last chunk is opened first, because a truncated
   * object looks like a smaller one.
   */
  knownSizeBytes?: (opened: Pick<OpenedObject, "openNote">) => number;
}

/** Authenticates the header and the size of an encrypted object. */
export async function openEncryptedObject(request: OpenRequest): Promise<OpenedObject> {
  const { objectKey, sealedSizeBytes, wrapper } = request;
  const firstBytes =
    request.firstBytes ??
    (await collect(await request.readCiphertextRange(0, Math.min(sealedSizeBytes, MAX_HEADER_BYTES) - 1)));
  const header = decodeHeader(firstBytes);
  const dataKey = await wrapper.unwrap(header.keyId, header.wrappedKey, objectKey);
  const head = firstBytes.subarray(0, header.headerBytes - TAG_BYTES);
  openPiece(
    dataKey,
    SEALED_HEADER,
    0,
    headerContext(head, objectKey),
    firstBytes.subarray(head.length, header.headerBytes),
  );
  const sizeBytes = plaintextSize(sealedSizeBytes, header.headerBytes, header.chunkSizeBytes);
  const openNote = (sealedNote: Buffer) => openPiece(dataKey, SEALED_NOTE, 0, Buffer.from(objectKey), sealedNote);
  const layout = { ...header, sizeBytes, objectKey, dataKey, readCiphertextRange: request.readCiphertextRange };
  if (request.knownSizeBytes) {
    if (request.knownSizeBytes({ openNote }) !== sizeBytes)
      throw new ChunkedAeadError("tampered", "the object was cut off or extended");
  } else {
    for await (const bytes of decryptChunks(layout, Math.max(0, sizeBytes - 1), Math.max(0, sizeBytes - 1))) void bytes;
  }
  return {
    sizeBytes,
    keyId: header.keyId,
    openNote,
    decryptRange(start, endInclusive) {
      if (start < 0 || endInclusive < start || (endInclusive >= sizeBytes && sizeBytes > 0))
        throw new RangeError("the range lies outside the object");
      return decryptChunks(layout, start, endInclusive);
    },
  };
}

interface ChunkLayout {
  chunkSizeBytes: number;
  headerBytes: number;
  sizeBytes: number;
  objectKey: string;
  dataKey: Buffer;
  readCiphertextRange: ReadCiphertextRange;
}

async function* decryptChunks(layout: ChunkLayout, start: number, endInclusive: number): AsyncGenerator<Uint8Array> {
  const { chunkSizeBytes, headerBytes, sizeBytes, objectKey, dataKey } = layout;
  const sealedChunkBytes = chunkSizeBytes + TAG_BYTES;
  const lastIndex = Math.max(0, Math.ceil(sizeBytes / chunkSizeBytes) - 1);
  const first = Math.floor(start / chunkSizeBytes);
  const last = Math.min(lastIndex, Math.floor(endInclusive / chunkSizeBytes));
  const sealedSizeOf = (index: number) =>
    index < lastIndex ? sealedChunkBytes : sizeBytes - lastIndex * chunkSizeBytes + TAG_BYTES;
  const from = headerBytes + first * sealedChunkBytes;
  const to = headerBytes + last * sealedChunkBytes + sealedSizeOf(last) - 1;
  const sealed = exactPieces(await layout.readCiphertextRange(from, to), first, last, sealedSizeOf);
  let index = first;
  for await (const piece of sealed) {
    const plaintext = openPiece(
      dataKey,
      SEALED_CHUNK,
      index,
      chunkContext(objectKey, index, index === lastIndex),
      piece,
    );
    const offset = index * chunkSizeBytes;
    const wanted = plaintext.subarray(
      Math.max(0, start - offset),
      Math.min(plaintext.length, endInclusive + 1 - offset),
    );
    if (wanted.length > 0) yield wanted;
    index += 1;
  }
}

/** Cuts a stream into the sealed chunks `first` to `last`, with one of them in memory. */
async function* exactPieces(
  source: AsyncIterable<Uint8Array>,
  first: number,
  last: number,
  sizeOf: (index: number) => number,
): AsyncGenerator<Buffer> {
  let index = first;
  let piece = Buffer.allocUnsafe(sizeOf(index));
  let filled = 0;
  for await (const bytes of source) {
    let offset = 0;
    while (offset < bytes.length && index <= last) {
      const taken = Math.min(piece.length - filled, bytes.length - offset);
      piece.set(bytes.subarray(offset, offset + taken), filled);
      filled += taken;
      offset += taken;
      if (filled < piece.length) continue;
      yield piece;
      index += 1;
      filled = 0;
      if (index <= last) piece = Buffer.allocUnsafe(sizeOf(index));
    }
  }
  if (index <= last) throw new ChunkedAeadError("tampered", "the object is cut off");
}

async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of source) pieces.push(bytes);
  return Buffer.concat(pieces);
}
