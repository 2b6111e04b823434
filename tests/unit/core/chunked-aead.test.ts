import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { beginObjectEncryption } from "@/lib/core/crypto/chunked-aead";
import { ciphertextSize, MAX_HEADER_BYTES } from "@/lib/core/crypto/chunked-aead-format";
import { localDataKeyWrapper } from "@/lib/core/crypto/chunked-aead-keys";
import { openEncryptedObject } from "@/lib/core/crypto/chunked-aead-open";
import type { KeyList } from "@/lib/core/crypto/key-list";
import { seedCount } from "../../support/seeds";

const keys: KeyList = [{ id: "k1", secret: randomBytes(32) }];
const wrapper = localDataKeyWrapper(keys);
const CHUNK_LOG2 = 10;
const CHUNK = 1024;

async function* inPieces(bytes: Buffer, pieceBytes: number) {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

async function seal(plaintext: Buffer, objectKey = "a/b", pieceBytes = 700) {
  const encryptor = await beginObjectEncryption(objectKey, wrapper, CHUNK_LOG2);
  const pieces = [encryptor.header];
  for await (const piece of encryptor.encrypt(inPieces(plaintext, pieceBytes))) pieces.push(piece);
  return { sealed: Buffer.concat(pieces), headerBytes: encryptor.header.length };
}

async function open(sealed: Buffer, objectKey = "a/b", withWrapper = wrapper) {
  const reads: Array<[number, number]> = [];
  const opened = await openEncryptedObject({
    objectKey,
    sealedSizeBytes: sealed.length,
    wrapper: withWrapper,
    readCiphertextRange: async (start, endInclusive) => {
      reads.push([start, endInclusive]);
      return inPieces(sealed.subarray(start, endInclusive + 1), 333);
    },
  });
  return { opened, reads };
}

async function read(sealed: Buffer, objectKey = "a/b", withWrapper = wrapper) {
  const { opened } = await open(sealed, objectKey, withWrapper);
  return collect(opened.decryptRange(0, Math.max(0, opened.sizeBytes - 1)));
}

async function collect(source: AsyncIterable<Uint8Array>) {
  const pieces: Uint8Array[] = [];
  for await (const piece of source) pieces.push(piece);
  return Buffer.concat(pieces);
}

const refused = (sealed: Buffer, objectKey?: string) =>
  expect(read(sealed, objectKey)).rejects.toMatchObject({ name: "ChunkedAeadError" });

describe("chunked encryption", () => {
  it("decrypts any range of any object, written in any pieces", async () => {
    const cases = fc.record({
      size: fc.integer({ min: 1, max: 5 * CHUNK }),
      piece: fc.integer({ min: 1, max: 3000 }),
      a: fc.nat(),
      b: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ size, piece, a, b }) => {
        const plaintext = randomBytes(size);
        const { sealed, headerBytes } = await seal(plaintext, "a/b", piece);
        expect(sealed.length).toBe(ciphertextSize(size, headerBytes, CHUNK));
        const start = a % size;
        const endInclusive = start + (b % (size - start));
        const { opened } = await open(sealed);
        expect(opened.sizeBytes).toBe(size);
        expect(
          (await collect(opened.decryptRange(start, endInclusive))).equals(plaintext.subarray(start, endInclusive + 1)),
        ).toBe(true);
      }),
      { numRuns: seedCount(150) },
    );
  });

  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])(
    "encrypts and decrypts an object of %i bytes",
    async (size) => {
      const plaintext = randomBytes(size);
      expect((await read((await seal(plaintext)).sealed)).equals(plaintext)).toBe(true);
    },
  );

  it("reads only the chunks that a range touches", async () => {
    const { sealed, headerBytes } = await seal(randomBytes(20 * CHUNK));
    const { opened, reads } = await open(sealed);
    reads.length = 0;
    await collect(opened.decryptRange(5 * CHUNK + 1, 6 * CHUNK));
    expect(reads).toEqual([[headerBytes + 5 * (CHUNK + 16), headerBytes + 7 * (CHUNK + 16) - 1]]);
  });

  it("refuses a flipped bit in every single byte", async () => {
    const { sealed } = await seal(randomBytes(2 * CHUNK + 100));
    for (let at = 0; at < sealed.length; at += 1) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 1 << (at % 8);
      await refused(altered);
    }
  });

  it("refuses reordered, truncated, extended and swapped content", async () => {
    const { sealed, headerBytes } = await seal(randomBytes(4 * CHUNK));
    const chunk = (index: number) =>
      sealed.subarray(headerBytes + index * (CHUNK + 16), headerBytes + (index + 1) * (CHUNK + 16));
    const header = sealed.subarray(0, headerBytes);
    await refused(Buffer.concat([header, chunk(1), chunk(0), chunk(2), chunk(3)]));
    await refused(Buffer.concat([header, chunk(0), chunk(1), chunk(2)]));
    await refused(Buffer.concat([header, chunk(1), chunk(2), chunk(3)]));
    await refused(Buffer.concat([sealed, chunk(3)]));
    await refused(Buffer.concat([sealed, Buffer.alloc(1)]));
    for (const cut of [0, 5, headerBytes - 1, headerBytes, headerBytes + 15, sealed.length - 1])
      await refused(sealed.subarray(0, cut));
    const other = (await seal(randomBytes(4 * CHUNK))).sealed;
    await refused(
      Buffer.concat([sealed.subarray(0, headerBytes + CHUNK + 16), other.subarray(headerBytes + CHUNK + 16)]),
    );
    await refused(sealed, "a/c");
    expect((await read(sealed)).length).toBe(4 * CHUNK);
  });

  it("refuses an object cut at a chunk, even for a range before the cut", async () => {
    const { sealed, headerBytes } = await seal(randomBytes(4 * CHUNK));
    await expect(open(sealed.subarray(0, headerBytes + 2 * (CHUNK + 16)))).rejects.toMatchObject({ code: "tampered" });
  });

  it("opens objects of an older master key and refuses those of an unknown one", async () => {
    const { sealed } = await seal(Buffer.from("older"));
    const rotated = localDataKeyWrapper([{ id: "k2", secret: randomBytes(32) }, keys[0]]);
    expect((await read(sealed, "a/b", rotated)).toString()).toBe("older");
    const forgotten = localDataKeyWrapper([{ id: "k2", secret: randomBytes(32) }]);
    await expect(read(sealed, "a/b", forgotten)).rejects.toMatchObject({ code: "unknown_key" });
    const wrong = localDataKeyWrapper([{ id: "k1", secret: randomBytes(32) }]);
    await expect(read(sealed, "a/b", wrong)).rejects.toMatchObject({ code: "tampered" });
  });

  it("seals a small record bound to one object", async () => {
    const encryptor = await beginObjectEncryption("a/b", wrapper, CHUNK_LOG2);
    const note = encryptor.sealNote(Buffer.from("facts"));
    expect(() => encryptor.sealNote(Buffer.from("other"))).toThrow();
    const body = await collect(encryptor.encrypt([]));
    const { opened } = await open(Buffer.concat([encryptor.header, body]));
    expect(opened.openNote(note).toString()).toBe("facts");
    note[0]! ^= 1;
    expect(() => opened.openNote(note)).toThrow();
    expect(MAX_HEADER_BYTES).toBeGreaterThan(encryptor.header.length);
  });
});
