import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { concat, fileOf, fixtureBytes, fixtureLike, text } from "./audio-samples";

const variable = fixtureBytes("fmt-mp3-vbr-no-xing-8k.mp3");
const constant = fixtureBytes(fixtureLike("19-mp3-mono").file);

async function waveformOf(bytes: Uint8Array) {
  const result = await computeWaveform(
    fileOf(async function* () {
      for (let offset = 0; offset < bytes.length; offset += 7000) yield bytes.subarray(offset, offset + 7000);
    }),
  );
  if (result.kind !== "ready") throw new Error(`not ready: ${result.reason}`);
  return result;
}

/** The tables of an MP4 head, read as a player does. */
function readHead(head: Uint8Array) {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  const body = (name: string) => Buffer.from(head).indexOf(name) + 8;
  const words = (at: number, count: number) => Array.from({ length: count }, (_, i) => view.getUint32(at + i * 4));
  const countAt = (name: string) => view.getUint32(body(name));
  const sizes = words(body("stsz") + 8, view.getUint32(body("stsz") + 4));
  const chunks = words(body("stco") + 4, countAt("stco"));
  const runs = Array.from({ length: countAt("stsc") }, (_, i) => words(body("stsc") + 4 + i * 12, 2));
  const framesOf = (chunk: number) => runs.findLast(([first]) => first! <= chunk + 1)![1]!;
  const offsets = chunks.flatMap((chunk, i) => {
    const before = chunks.slice(0, i).reduce((sum, _, earlier) => sum + framesOf(earlier), 0);
    const inChunk = sizes.slice(before, before + framesOf(i));
    return inChunk.map((_, frame) => chunk + inChunk.slice(0, frame).reduce((sum, size) => sum + size, 0));
  });
  const [mediaSize] = words(head.length - 8, 1);
  const heard = view.getUint32(body("elst") + 4) / view.getUint32(body("mdhd") + 8);
  return { sizes, offsets, mediaSize, durationMs: heard * 1000 };
}

/** A tag of 100 bytes in front of a file. */
const tagged = (file: Uint8Array) => concat(text("ID3"), Uint8Array.of(4, 0, 0, 0, 0, 0, 90), new Uint8Array(90), file);

describe("an MP3 with a variable bit rate", () => {
  it.each<[string, Uint8Array, number]>([
    ["without an index", variable, 20_160],
    ["behind a tag", tagged(variable), 20_160],
    ["twice", concat(variable, variable), 40_320],
    ["twice, with tags", concat(tagged(variable), tagged(variable)), 40_320],
    ["with other bytes in between", concat(variable, text("no sound ".repeat(50)), variable), 40_320],
    ["cut off within a frame", variable.subarray(0, variable.length - 20), 20_088],
  ])("%s is served with the place and time of each frame", async (_, file, durationMs) => {
    const { playbackHead, ...waveform } = await waveformOf(file);
    const head = readHead(playbackHead!);
    expect(Math.abs(head.durationMs - durationMs)).toBeLessThan(1);
    expect(Math.abs(waveform.durationMs - head.durationMs)).toBeLessThanOrEqual(72);
    expect(head.mediaSize).toBe(file.length + 8);
    const served = concat(playbackHead!, file);
    expect(head.offsets).toHaveLength(head.sizes.length);
    for (const offset of head.offsets) expect([served[offset], served[offset + 1]! & 0xe0]).toEqual([0xff, 0xe0]);
    expect(head.offsets.at(-1)! + head.sizes.at(-1)!).toBeLessThanOrEqual(served.length);
  });

  it("knows where in the file the parts of the sound lie", async () => {
    const { byteOffsets, durationMs, playbackHead } = await waveformOf(variable);
    const { offsets } = readHead(playbackHead!);
    expect(byteOffsets).toHaveLength(257);
    expect(byteOffsets!.at(-1)).toBe(variable.length);
    // The pieces that the decoder gets are 7 kB. One half of the time has twice the bytes of the other.
    const middle = offsets[Math.round(durationMs / 72 / 2)]! - playbackHead!.length;
    expect(Math.abs(byteOffsets![128]! - middle)).toBeLessThan(2000);
  });
});

describe("what browsers time right has no head", () => {
  it.each<[string, Uint8Array]>([
    ["an MP3 with a constant bit rate", constant],
    ["two of them", concat(constant, constant)],
    ["Opus", fixtureBytes(fixtureLike("33-ogg-opus-mono").file)],
    ["WAV", fixtureBytes(fixtureLike("04-wav-pcm-mono").file)],
  ])("%s", async (_, file) => expect((await waveformOf(file)).playbackHead).toBeNull());
});

it("MP3 in a WAV is measured", async () => {
  const { durationMs, peaks } = await waveformOf(fixtureBytes("fmt-wav-mp3.wav"));
  expect(Math.abs(durationMs - 20_160)).toBeLessThanOrEqual(72);
  expect(Math.max(...peaks)).toBeGreaterThan(20);
});
