import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, open, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkFile } from "@/scripts/recordings/ends/check-file";
import { writerOf } from "@/scripts/recordings/ends/writer-of";
import { fromDisk, onDisk } from "@/scripts/recordings/file-paths";
import { audioFolder, audioNames } from "../../../support/audio-fixtures";
import { recordersFolder } from "../../../support/recorder-fixtures";
import { loadTypescript } from "../../../support/load-typescript";

const limits = { settleMs: 60_000, unfinishedMs: 3_600_000 };
let folder: string;
let wav: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-ends-"));
  wav = await readFile(
    path.join(
      audioFolder,
      audioNames.find((name) => /call-\d+-wav/.test(name))!,
    ),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const recorded = (name: string) => readFile(path.join(recordersFolder, name));

/** A file to which nothing was written for so many seconds. */
async function quiet(bytes: Uint8Array, seconds = 600, name = "call.wav"): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return quietAgain(file, seconds);
}

async function quietAgain(file: string, seconds: number): Promise<string> {
  const then = new Date(Date.now() - seconds * 1000);
  await utimes(onDisk(file), then, then);
  return file;
}

const finished = { mark: expect.objectContaining({ sizeBytes: expect.any(Number) as number }) as object, note: null };
const settling = { waitMs: expect.any(Number) as number, reason: "settling" };
const waits = (reason: string) => ({ waitMs: limits.settleMs, reason });
const header = (riff: number, data: number) => {
  const bytes = Buffer.from(wav);
  bytes.writeUInt32LE(riff, 4);
  bytes.writeUInt32LE(data, bytes.indexOf("data") + 4);
  return bytes;
};
const sound = () => wav.length - wav.indexOf("data") - 8;

test.each(audioNames.filter((name) => !name.includes("-cut-")))(
  "%s is finished when nothing was written to it for long enough",
  async (name) => {
    const bytes = await readFile(path.join(audioFolder, name));
    expect(await checkFile(await quiet(bytes, 61, name), limits)).toEqual(finished);
    expect(await checkFile(await quiet(bytes, 30, name), limits)).toEqual(settling);
  },
);

test.each([
  "asterisk22-wav49-4s.WAV",
  "asterisk22-wav16-1.5s.wav16",
  "asterisk22-vorbis-4s.ogg",
  "asterisk22-opus-4s.opus",
  "asterisk22-gsm-4s.gsm",
  "asterisk22-silent-call-44-bytes.wav",
  "asterisk22-silent-call-no-samples.ogg",
  "fmt-rf64-3s.wav",
  "fmt-opus-chained.opus",
  "fmt-mp3-vbr-no-xing-8k.mp3",
  "fmt-amr.3gp",
  "fmt-wav-mp3.wav",
])("%s has ended", async (name) => {
  expect(await checkFile(await quiet(await recorded(name), 61, name), limits)).toEqual(finished);
});

/** Two Ogg streams side by side, as with a Skeleton; the second one ends first. */
async function sideBySide(isEnded: boolean): Promise<Buffer> {
  const [one, two] = await Promise.all(["asterisk22-vorbis-4s.ogg", "asterisk22-opus-4s.opus"].map(recorded));
  const endOf = Buffer.from(two!);
  if (!isEnded) endOf[30_287 + 5] = 0;
  const [start, rest] = [one!.subarray(0, 58), one!.subarray(58)];
  return Buffer.concat([start, endOf.subarray(0, 47), endOf.subarray(47), rest]);
}

test("streams side by side have ended when each has", async () => {
  expect(await checkFile(await quiet(await sideBySide(true)), limits)).toEqual(finished);
  expect(await checkFile(await quiet(await sideBySide(false)), limits)).toEqual(waits("unfinished"));
});

const box = (type: string, body: Buffer) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const ftyp = box("ftyp", Buffer.from("M4A \0\0\0\0isom", "latin1"));

test.each<[string, () => Promise<Buffer> | Buffer]>([
  ["an Ogg without end-of-stream flag", () => recorded("asterisk22-vorbis-cut-no-eos.ogg")],
  ["an Ogg in the middle of its last page", async () => (await recorded("asterisk22-opus-4s.opus")).subarray(0, -1)],
  ["a chained Ogg whose second stream runs", async () => (await recorded("fmt-opus-chained.opus")).subarray(0, 33_632)],
  ["an Ogg of headers only", async () => (await recorded("asterisk22-vorbis-4s.ogg")).subarray(0, 2664)],
  ["an MP4 without its index", () => Buffer.concat([ftyp, box("mdat", Buffer.alloc(1000))])],
  ["an MP4 in the middle of its index", async () => (await recorded("fmt-amr.3gp")).subarray(0, -10)],
  ["a WAV whose header states more than there is", () => wav.subarray(0, wav.length - 1000)],
  ["a WAV whose header states less than there is", () => Buffer.concat([wav, Buffer.alloc(1000)])],
  ["a wav49 of which a part is missing", async () => (await recorded("asterisk22-wav49-4s.WAV")).subarray(0, -650)],
  ["the beginning of a header", () => wav.subarray(0, 8)],
])("%s waits as unfinished; after an hour without a write it counts as finished, with a note", async (_what, make) => {
  const bytes = await make();
  expect(await checkFile(await quiet(bytes), limits)).toEqual(waits("unfinished"));
  const afterHour = await checkFile(await quiet(bytes, 3_601), limits);
  expect(await checkFile(await quiet(bytes, 86_401), limits)).toEqual({ ...finished, note: "unfinished" });
  expect(afterHour).toEqual((await isSeen()) ? { ...finished, note: "unfinished" } : waits("unfinished"));
});

const fragmented = () =>
  Buffer.concat([
    ftyp,
    box("moov", box("mvex", Buffer.alloc(8))),
    box("moof", Buffer.alloc(40)),
    box("mdat", Buffer.alloc(1000)),
  ]);

/** Contents that say nothing about their end. */
const endless: [string, () => Promise<Buffer> | Buffer][] = [
  ["sizes of 0", () => header(0, 0)],
  ["sizes of 0, of a killed Asterisk", () => recorded("asterisk22-killed-sizes-zero.wav")],
  ["sizes of 0xFFFFFFFF", () => header(0xffff_ffff, 0xffff_ffff)],
  ["sizes of 0x7FFFFFFF", () => header(0x7fff_ffff, 0x7fff_ffff)],
  ["sizes of sox in a pipe", () => header(0x7fff_f024, 0x7fff_f000)],
  ["sizes of 2000000000", () => header(2_000_000_036, 2_000_000_000)],
  ["a data size 44 too large, as Janus writes", () => header(wav.length - 8 + 44, sound() + 44)],
  ["the sizes of an empty file before the first sample", () => header(wav.length - sound() - 8, 0)],
  ["no header: GSM", () => recorded("asterisk22-gsm-4s.gsm")],
  ["no index: MP3", () => recorded("fmt-mp3-vbr-no-xing-8k.mp3")],
  ["fragments: MP4 of a browser", fragmented],
  ["nothing at all", () => Buffer.alloc(0)],
];

/** In a container nobody sees who else has a file open, so that a file without end mark waits longer. */
const isSeen = async () => (await writerOf(await quiet(wav))) === "closed";

test.each(endless)("a file with %s waits for the time without a write only", async (_what, make) => {
  const bytes = await make();
  expect(await checkFile(await quiet(bytes, 30), limits)).toEqual(settling);
  expect(await checkFile(await quiet(bytes, 61), limits)).toEqual((await isSeen()) ? finished : waits("unseen"));
  expect(await checkFile(await quiet(bytes, 601), limits)).toEqual(finished);
});

test.runIf(process.platform === "linux")("files that are asked about at once have each their own writer", async () => {
  const names = ["written.wav", "read.wav", "closed.wav"];
  const files = await Promise.all(names.map((name) => quiet(wav, 61, name)));
  const namesake = path.join(await mkdtemp(path.join(folder, "other-")), "closed.wav");
  await writeFile(namesake, wav);
  const opened = [await open(files[0]!, "r+"), await open(files[1]!, "r"), await open(namesake, "r+")];
  const ask = () => Promise.all([...files, namesake, path.join(folder, "gone.wav")].map(writerOf));
  const [first, second] = await Promise.all([ask(), ask()]);
  await Promise.all(opened.map((one) => one.close()));
  const free = (await isSeen()) ? "closed" : "unseen";
  expect(first).toEqual(["open", free, free, "open", "closed"]);
  expect(second).toEqual(first);
});

/** Checks files as another user, who may not look into our processes: we own the files, and may be their writer. */
async function seenByNobody(files: string[]): Promise<unknown[]> {
  const script = `import { checkFile } from "@/scripts/recordings/ends/check-file";
    process.setgid(65534);
    process.setuid(65534);
    for (const file of ${JSON.stringify(files)})
      console.log(JSON.stringify(await checkFile(file, ${JSON.stringify(limits)})));`;
  const root = path.resolve(import.meta.dirname, "../../../..");
  const child = spawn(process.execPath, ["--import", loadTypescript, "--input-type=module", "-e", script], {
    cwd: root,
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  await once(child, "close");
  return output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

test.runIf(process.platform === "linux" && process.getuid?.() === 0)(
  "whoever cannot see the writer of a file takes it only by its end mark, or waits longer",
  async () => {
    await chmod(folder, 0o755);
    const raw = await recorded("asterisk22-gsm-4s.gsm");
    const cut = await recorded("asterisk22-vorbis-cut-no-eos.ogg");
    const whole = { mark: { sizeBytes: expect.any(Number) as number, mtimeMs: expect.any(Number) as number } };
    expect(
      await seenByNobody([
        await quiet(wav, 61, "whole.wav"),
        await quiet(raw, 300, "early.gsm"),
        await quiet(raw, 601, "late.gsm"),
        await quiet(cut, 3_601, "hour.ogg"),
        await quiet(cut, 86_401, "day.ogg"),
      ]),
    ).toEqual([
      { ...whole, note: null },
      { waitMs: expect.any(Number) as number, reason: "unseen" },
      { ...whole, note: null },
      waits("unfinished"),
      { ...whole, note: "unfinished" },
    ]);
  },
);

test("a name that is not UTF-8 names the file with those bytes", async () => {
  const name = fromDisk(Buffer.from("/grava\xe7\xe3o.wav", "latin1"));
  await writeFile(onDisk(folder + name), wav);
  expect(await checkFile(await quietAgain(folder + name, 61), limits)).toEqual(finished);
});

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
      expect(await checkFile(file, limits)).toEqual(waits("open"));
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

test("returns null for a missing file; a clock that is ahead only delays", async () => {
  expect(await checkFile(path.join(folder, "gone.wav"), limits)).toBeNull();
  expect(await checkFile(await quiet(wav, -1_000_000), limits)).toEqual(waits("settling"));
});
