import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import type { SniffedAudio } from "@/lib/media/sniffed-audio";
import { wavHeadOf } from "@/lib/media/waveform/wav-head";
import { concat, littleEndian, noise, text, wav } from "./audio-samples";
import { fixture, sniff } from "./sniffed-files";

/** The head of a file and the sound behind it, as a player reads them. */
async function served(bytes: Uint8Array, declared?: string) {
  const sniffed = (await sniff(bytes, declared)) as SniffedAudio;
  const head = wavHeadOf(sniffed, bytes, bytes.length);
  if (!head) return null;
  const file = concat(head.bytes, bytes.subarray(head.skippedBytes));
  const found = (await sniff(file)) as SniffedAudio;
  const riffBytes = Buffer.from(file).readUInt32LE(4);
  return { ...found, riffIsRight: riffBytes === file.length - 8, skippedBytes: head.skippedBytes, file };
}

const samples = noise(1600);

describe("a WAV whose header does not tell its size gets one that does", () => {
  it.each<[string, Uint8Array]>([
    ["Asterisk, killed", fixture("recorders/asterisk22-killed-sizes-zero.wav")],
    ["sizes 0", fixture("recorders/fmt-wav-sizes-zero-3s.wav")],
    ["RF64 below 4 GiB", fixture("recorders/fmt-rf64-3s.wav")],
    ...[0, 0x7fffffff, 0xffffffff, samples.length + 44, 2_000_000_000].map(
      (claimedSize) => [`size ${claimedSize}`, wav(samples, { claimedSize })] as [string, Uint8Array],
    ),
    ["G.711", wav(samples, { code: 6, bits: 8, claimedSize: 0 })],
    ["an extensible format", wav(samples, { extensible: true, channels: 2, claimedSize: 0 })],
    ["cut while it was copied", wav(samples).subarray(0, 1000)],
  ])("%s", async (_, bytes) => {
    const before = (await sniff(bytes)) as SniffedAudio;
    const after = (await served(bytes))!;
    const { codec, channels, sampleRate } = before;
    expect(after).toMatchObject({ contentType: "audio/wav", codec, channels, sampleRate, riffIsRight: true });
    expect(after.skippedBytes).toBe(before.wav!.dataOffset);
    expect(after.wav).toMatchObject({ form: "RIFF", statedBytes: bytes.length - before.wav!.dataOffset });
    expect(after.file.subarray(after.wav!.dataOffset)).toEqual(bytes.subarray(before.wav!.dataOffset));
  });

  it("keeps what follows the sound out of it", async () => {
    const sizes = new Uint8Array(BigUint64Array.of(0n, 1600n, 800n).buffer);
    const long = concat(text("ds64"), littleEndian(28, 4), sizes, new Uint8Array(4));
    const rf64 = wav(samples, { claimedSize: 0xffffffff, before: long });
    rf64.set(text("RF64"));
    const after = (await served(concat(rf64, text("LIST"), littleEndian(4, 4), text("INFO"))))!;
    expect([after.wav!.statedBytes, after.wav!.realBytes, after.riffIsRight]).toEqual([1600, 1612, true]);
  });

  it.each<[string, Uint8Array]>([
    ["a right header", wav(samples)],
    ["a chunk behind the sound", concat(wav(samples), text("LIST"), littleEndian(4, 4), text("INFO"))],
    ["a codec that no header makes playable", fixture("recorders/asterisk22-wav49-4s.WAV")],
    ["MP3 in it", fixture("recorders/fmt-wav-mp3.wav")],
  ])("but not with %s", async (_, bytes) => expect(await served(bytes)).toBeNull());

  it("but not beyond 4 GiB, which a WAV cannot state", async () => {
    const bytes = wav(samples, { claimedSize: 0xffffffff });
    expect(wavHeadOf((await sniff(bytes)) as SniffedAudio, bytes, 2 ** 32)).toBeNull();
  });
});

describe("sound without a header gets that of a WAV", () => {
  it.each([
    ["formats/mulaw.ulaw", "audio/pcmu;rate=8000", "mulaw", 0],
    ["formats/alaw.alaw", "audio/pcma;rate=8000", "alaw", 0],
    ["formats/slin.sln", "audio/l16;rate=16000;channels=1;endianness=little-endian", "pcm_s16le", 0],
    ["formats/mulaw.au", "audio/basic", "mulaw", fixture("formats/mulaw.au")[7]],
    ["formats/alaw.au", "audio/basic", "alaw", fixture("formats/alaw.au")[7]],
  ])("%s", async (name, declared, codec, skippedBytes) => {
    const bytes = fixture(name);
    const after = (await served(bytes, declared))!;
    const sampleRate = declared.includes("16000") ? 16_000 : 8_000;
    expect(after).toMatchObject({ contentType: "audio/wav", codec, sampleRate, riffIsRight: true, skippedBytes });
    expect(after.file.subarray(after.wav!.dataOffset)).toEqual(bytes.subarray(skippedBytes!));
  });

  it.each([
    ["formats/slin-big-endian.raw", "audio/l16;rate=8000;channels=1;endianness=big-endian"],
    ["formats/pcm-s16.au", "audio/basic"],
    ["formats/gsm.gsm", "audio/gsm"],
    ["formats/g722.g722", "audio/g722"],
  ])("but not %s, whose samples no WAV has", async (name, declared) =>
    expect(await served(fixture(name), declared)).toBeNull(),
  );
});

describe("the waveform job", () => {
  const measure = (bytes: Uint8Array, declaredType?: string) =>
    computeWaveform({
      sizeBytes: bytes.length,
      declaredType,
      read: async function* (from: number) {
        for (let at = from; at < bytes.length; at += 7000) yield bytes.subarray(at, at + 7000);
      },
    });

  it.each<[string, string, number]>([
    ["formats/mulaw.ulaw", "audio/pcmu;rate=8000", 8],
    ["formats/slin.sln", "audio/l16;rate=8000;channels=1;endianness=little-endian", 16],
    ["formats/alaw.au", "audio/basic", 8],
  ])("measures %s behind its head", async (name, declaredType, bytesPerMs) => {
    const bytes = fixture(name);
    const result = await measure(bytes, declaredType);
    if (result.kind !== "ready") throw new Error(result.reason);
    const soundBytes = bytes.length - result.skippedBytes;
    expect(result.durationMs).toBe(Math.round(soundBytes / bytesPerMs));
    expect([result.byteOffsets![0], result.byteOffsets!.at(-1)]).toEqual([result.skippedBytes, bytes.length]);
    expect(Math.max(...result.peaks)).toBeGreaterThan(10);
  });

  it("makes a head for a WAV of unknown size, and none for a right one", async () => {
    const open = await measure(fixture("recorders/fmt-wav-sizes-zero-3s.wav"));
    expect(open).toMatchObject({ kind: "ready", durationMs: 3000, skippedBytes: 44 });
    expect(await measure(wav(samples))).toMatchObject({ kind: "ready", playbackHead: null, skippedBytes: 0 });
  });
});
