import { mkdtemp, open, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFile } from "@/scripts/recordings/check-file";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";

const wavs = audioNames.filter((name) => /call-\d+-wav/.test(name));
const limits = { settleMs: 60_000, unfinishedMs: 3_600_000 };
let folder: string;
let wav: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-look-"));
  wav = await readFile(path.join(audioFolder, wavs[0]!));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file to which nothing was written for so many seconds. */
async function quiet(bytes: Buffer, seconds = 600, name = "call.wav"): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const then = new Date(Date.now() - seconds * 1000);
  await utimes(file, then, then);
  return file;
}

const finished = { mark: expect.objectContaining({ sizeBytes: expect.any(Number) as number }) as object, note: null };
const header = (riff: number, data: number) => {
  const bytes = Buffer.from(wav);
  bytes.writeUInt32LE(riff, 4);
  bytes.writeUInt32LE(data, bytes.indexOf("data") + 4);
  return bytes;
};
const sound = () => wav.length - wav.indexOf("data") - 8;

test.each(audioNames)("%s is finished when nothing was written to it for long enough", async (name) => {
  const bytes = await readFile(path.join(audioFolder, name));
  expect(await checkFile(await quiet(bytes, 61, name), limits)).toEqual(finished);
  expect(await checkFile(await quiet(bytes, 30, name), limits)).toEqual({ waitMs: expect.any(Number) as number });
});

test.each<[string, () => Buffer]>([
  ["zeros, as Asterisk writes until it closes the file", () => header(0, 0)],
  ["0xFFFFFFFF", () => header(0xffffffff, 0xffffffff)],
  ["a container without sound", () => header(36, 0)],
  ["more than there is", () => wav.subarray(0, wav.length - 1000)],
  ["less than there is", () => Buffer.concat([wav, Buffer.alloc(1000)])],
  ["nothing: an empty file", () => Buffer.alloc(0)],
  ["nothing yet: the beginning of a header", () => wav.subarray(0, 8)],
])(
  "waits for a header that states %s; after an hour without writes the file is accepted with a note",
  async (_what, bytes) => {
    expect(await checkFile(await quiet(bytes()), limits)).toEqual({ waitMs: limits.settleMs });
    expect(await checkFile(await quiet(bytes(), 3_601), limits)).toEqual({ ...finished, note: "unfinished" });
  },
);

test.each<[string, () => Buffer]>([
  ["a pad that nobody counts", () => Buffer.concat([wav, Buffer.alloc(1)])],
  [
    "facts behind the sound that the container counts",
    () => Buffer.concat([header(wav.length + 4, sound()), Buffer.from("LIST\x04\0\0\0INFO", "latin1")]),
  ],
  ["a container's size of none, and the sound's", () => header(0, sound())],
  ["sizes of 64 bits", () => longWav()],
])("%s does not make a file unfinished", async (_what, bytes) => {
  expect(await checkFile(await quiet(bytes()), limits)).toEqual(finished);
});

/** RF64: the sizes are in a separate chunk. */
function longWav(): Buffer {
  const sizes = Buffer.alloc(36);
  sizes.write("ds64", 0, "latin1");
  sizes.writeUInt32LE(28, 4);
  sizes.writeBigUInt64LE(BigInt(wav.length + 36 - 8), 8);
  sizes.writeBigUInt64LE(BigInt(sound()), 16);
  const bytes = header(0xffffffff, 0xffffffff);
  bytes.write("RF64", 0, "latin1");
  return Buffer.concat([bytes.subarray(0, 12), sizes, bytes.subarray(12)]);
}

test.runIf(process.platform === "linux")(
  "waits while a process has the file open for writing, but not for reading",
  async () => {
    for (const flags of ["a", "r+"]) {
      const file = await quiet(wav);
      const writer = await open(file, flags);
      expect(await checkFile(file, limits)).toEqual({ waitMs: limits.settleMs });
      expect(await checkFile(await quietAgain(file, 3_601), limits)).toEqual({ ...finished, note: "open" });
      await writer.close();
      expect(await checkFile(await quietAgain(file, 600), limits)).toEqual(finished);
    }
    const file = await quiet(wav);
    const reader = await open(file);
    expect(await checkFile(file, limits)).toEqual(finished);
    await reader.close();
  },
);

async function quietAgain(file: string, seconds: number): Promise<string> {
  const then = new Date(Date.now() - seconds * 1000);
  await utimes(file, then, then);
  return file;
}

test("returns null for a missing file; a clock that is ahead only delays", async () => {
  expect(await checkFile(path.join(folder, "gone.wav"), limits)).toBeNull();
  expect(await checkFile(await quiet(wav, -1_000_000), limits)).toEqual({ waitMs: limits.settleMs });
});
