import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { concat, fileOf, littleEndian, text } from "./audio-samples";

const chunk = (name: string, body: Uint8Array, size = body.length) =>
  concat(text(name), littleEndian(size, 4), body, new Uint8Array(body.length % 2));

const durationOf = async (bytes: Uint8Array) => {
  async function* file() {
    yield bytes;
  }
  const { kind, durationMs } = await computeWaveform(fileOf(file));
  return { kind, durationMs };
};

/** GSM 6.10: a block of 65 bytes holds 320 frames, 40 ms at 8000 Hz. */
function gsm(blocks: number, header: { size?: number; fact?: number; after?: Uint8Array; blockFrames?: number }) {
  const { size = blocks * 65, fact, after = new Uint8Array(0), blockFrames = 320 } = header;
  const format = concat(
    ...[littleEndian(0x31, 2), littleEndian(1, 2), littleEndian(8000, 4), littleEndian(1625, 4)],
    ...[littleEndian(65, 2), littleEndian(0, 2), littleEndian(2, 2), littleEndian(blockFrames, 2)],
  );
  const stated = fact === undefined ? new Uint8Array(0) : chunk("fact", littleEndian(fact, 4));
  return concat(
    ...[text("RIFF"), littleEndian(Math.min(0xffffffff, size + 52), 4), text("WAVE"), chunk("fmt ", format), stated],
    ...[chunk("data", new Uint8Array(blocks * 65).fill(0xd0), size), after],
  );
}

/** RF64 with 16-bit mono sound at 8000 Hz and a chunk behind it. */
function rf64(seconds: number, sound: { large: bigint; size?: number }) {
  const format = concat(
    ...[littleEndian(1, 2), littleEndian(1, 2), littleEndian(8000, 4), littleEndian(16_000, 4)],
    ...[littleEndian(2, 2), littleEndian(16, 2)],
  );
  const sizes = new Uint8Array(BigUint64Array.of(0n, sound.large, sound.large / 2n).buffer);
  return concat(
    ...[text("RF64"), littleEndian(0xffffffff, 4), text("WAVE"), chunk("ds64", concat(sizes, new Uint8Array(4)))],
    ...[chunk("fmt ", format), chunk("data", new Uint8Array(seconds * 16_000), sound.size ?? 0xffffffff)],
    chunk("LIST", new Uint8Array(32_000)),
  );
}

describe("computeWaveform, for a codec in a WAV that it does not decode", () => {
  it.each<[string, Uint8Array, number | null]>([
    ["as the header states it", gsm(250, { fact: 79_900 }), 9988],
    ["without what follows the sound", gsm(250, { fact: 80_000, after: chunk("LIST", new Uint8Array(6500)) }), 10_000],
    ["by the bytes, from a pipe", gsm(250, { size: 0x7fffefc2, fact: 0x76271280 }), 10_000],
    ["by the bytes, with a size of zero", gsm(250, { size: 0, fact: 0 }), 10_000],
    ["by the bytes, with a size of all ones", gsm(250, { size: 0xffffffff, fact: 0xffffffff }), 10_000],
    ["by the bytes, of a file cut short", gsm(250, { size: 16_315, fact: 80_320 }), 10_000],
    ["by the bytes, with more frames stated than they hold", gsm(250, { fact: 800_000 }), 10_000],
    ["by the bytes, with a block of frames stated less than they hold", gsm(250, { fact: 79_680 }), 10_000],
    ["by the bytes, with one frame stated: the call is not empty", gsm(250, { fact: 1 }), 10_000],
    ["by the bytes, without a fact chunk", gsm(250, {}), 10_000],
    ["by the byte rate, without frames in a block", gsm(250, { blockFrames: 0 }), 10_000],
    ["as zero, without sound", gsm(0, { size: 0x7fffefc2, fact: 0x76271280 }), 0],
  ])("reports the duration %s", async (_, bytes, durationMs) => {
    expect(await durationOf(bytes)).toEqual({ kind: "unavailable", durationMs });
  });

  it.each([
    ["ffmpeg", 16_000],
    ["the standard", 8000],
    ["Janus", 4000],
  ])("reports the duration of G.722 under the byte rate of %s", async (_, byteRate) => {
    const format = concat(
      ...[littleEndian(0x028f, 2), littleEndian(1, 2), littleEndian(16_000, 4), littleEndian(byteRate, 4)],
      ...[littleEndian(1, 2), littleEndian(4, 2), littleEndian(0, 2)],
    );
    const data = chunk("data", new Uint8Array(2 * 8000));
    const bytes = concat(text("RIFF"), littleEndian(data.length + 30, 4), text("WAVE"), chunk("fmt ", format), data);
    expect(await durationOf(bytes)).toEqual({ kind: "unavailable", durationMs: 2000 });
  });

  it("reports no duration that the header cannot mean", async () => {
    const slow = gsm(250, { blockFrames: 65_535 });
    slow.set(littleEndian(1, 4), 24);
    expect(await durationOf(slow.slice())).toEqual({ kind: "unavailable", durationMs: null });
  });
});

describe("computeWaveform ends the sound of an RF64 file", () => {
  it.each<[string, Uint8Array, number]>([
    ["where its 64-bit size says", rf64(10, { large: 160_000n }), 10_000],
    ["where its 32-bit size says, if it has one", rf64(10, { large: 0n, size: 160_000 }), 10_000],
    ["with the file, if the file is shorter", rf64(10, { large: 1n << 40n }).subarray(0, 160_080), 10_000],
    ["with the file, if neither size is known", rf64(10, { large: 0n }).subarray(0, 160_080), 10_000],
  ])("%s", async (_, bytes, durationMs) => {
    expect(await durationOf(bytes)).toEqual({ kind: "ready", durationMs });
  });
});
