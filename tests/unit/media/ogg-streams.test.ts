import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { concat, fileOf, fixtureBytes, fixtureLike, littleEndian, oggPage, opusHead, text } from "./audio-samples";

const resultOf = (bytes: Uint8Array) => computeWaveform(fileOf(() => pieces(bytes), bytes.length));

/** The bytes in uneven pieces, so that a stream may begin anywhere in one. */
async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0, size = 1; offset < bytes.length; offset += size, size = ((size * 7) % 9001) + 1)
    yield bytes.subarray(offset, offset + size);
}

async function waveformOf(...parts: Uint8Array[]) {
  const result = await resultOf(concat(...parts));
  if (result.kind !== "ready") throw new Error(`not ready: ${result.reason}`);
  const { channels, peaks } = result;
  return { ...result, channel: (index: number) => [...peaks.filter((_, i) => i % channels === index)] };
}

const mono = fixtureBytes(fixtureLike("33-ogg-opus-mono").file);
const stereo = fixtureBytes(fixtureLike("26-ogg-opus-stereo").file);
const slowTone = fixtureBytes("other-vorbis-tone-8khz.ogg");
const fastTone = fixtureBytes("other-vorbis-tone-16khz.ogg");

const firstPage = (packet: Uint8Array) => oggPage([packet], { flags: 2, granule: 0n, sequence: 0 });
const tags = oggPage([concat(text("OpusTags"), littleEndian(0, 4), littleEndian(0, 4))], {
  flags: 0,
  granule: 0n,
  sequence: 1,
});
/** 120 ms of silence in the fewest bytes. */
const shortStream = concat(
  firstPage(opusHead(1)),
  tags,
  oggPage([Uint8Array.of((3 << 3) | 3, 2)], { flags: 4, granule: 5760n, sequence: 2 }),
);

/** A file with another output gain; the checksum of its first page is then wrong, which no decoder here checks. */
function withGain(file: Uint8Array, decibels: number): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setInt16(27 + changed[26]! + 16, Math.round(decibels * 256), true);
  return changed;
}

describe("computeWaveform, for FLAC files behind one another", () => {
  const flac = fixtureBytes("other-flac.flac");

  it("adds their durations, and knows that they are several", async () => {
    const alone = await waveformOf(flac);
    const together = await waveformOf(flac, flac);
    expect(alone).toMatchObject({ durationMs: 4000, isJoined: false });
    expect(together).toMatchObject({ durationMs: 8000, isJoined: true });
    const half = together.peaks.length / 2;
    expect(together.peaks.slice(0, half)).toEqual(alone.peaks);
    expect(together.peaks.slice(half)).toEqual(alone.peaks);
  });

  it("plays on behind one that was cut off", async () => {
    const cut = await waveformOf(flac.subarray(0, flac.length / 2), flac);
    expect(cut.durationMs).toBeGreaterThan(4500);
    expect(cut.durationMs).toBeLessThan(8000);
  });

  it("ends after more files than any recorder makes", async () => {
    const head = flac.subarray(0, 100);
    expect(await resultOf(concat(...Array.from({ length: 101 }, () => head)))).toMatchObject({ kind: "unavailable" });
  });
});

describe("computeWaveform, for Ogg streams behind one another", () => {
  it.each<[string, Uint8Array, Uint8Array]>([
    ["Opus", mono, mono],
    ["Opus, one channel and then two", mono, stereo],
    ["Opus, two channels and then one", stereo, mono],
    ["Vorbis", slowTone, slowTone],
    ["Vorbis, with another sample rate", slowTone, fastTone],
    ["FLAC", fixtureBytes("other-flac.ogg"), fixtureBytes("other-flac.ogg")],
    ["Opus, the first without its end", mono.subarray(0, mono.length - 1000), mono],
    ["Opus, the first without sound", concat(firstPage(opusHead(1)), tags), mono],
    ["Opus, the second with a Skeleton header", mono, concat(firstPage(text("fishead\0".padEnd(64, "\0"))), mono)],
  ])("adds the durations: %s", async (_, first, second) => {
    const alone = [await resultOf(first), await resultOf(second)];
    const together = await waveformOf(first, second);
    const sum = (alone[0]!.durationMs ?? 0) + (alone[1]!.durationMs ?? 0);
    expect(Math.abs(together.durationMs - sum)).toBeLessThanOrEqual(1);
    expect(together.channel(0)).toHaveLength(Math.ceil(together.durationMs / together.bucketMs));
  });

  it("draws each with its own sample rate", async () => {
    const waveform = await waveformOf(slowTone, fastTone);
    expect(waveform).toMatchObject({ durationMs: 4000, bucketMs: 10, channels: 1 });
    expect(waveform.channel(0)).toEqual([
      ...(await waveformOf(slowTone)).channel(0),
      ...(await waveformOf(fastTone)).channel(0),
    ]);
    expect(Math.max(...waveform.peaks)).toBeLessThan(150);
  });

  it.each([
    ["before", [mono, stereo]],
    ["after", [stereo, mono]],
  ])("draws one channel %s two on both", async (place, parts) => {
    const waveform = await waveformOf(...parts);
    const single = await waveformOf(mono);
    const count = Math.floor(single.durationMs / waveform.bucketMs) - 1;
    const part = (index: number) =>
      place === "before" ? waveform.channel(index).slice(0, count) : waveform.channel(index).slice(-count);
    expect(waveform.channels).toBe(2);
    expect(part(0)).toEqual(part(1));
    expect(Math.max(...part(0))).toBe(Math.max(...single.channel(0)));
    expect(waveform.channel(0)).not.toEqual(waveform.channel(1));
  });

  it.each([
    ["another codec", concat(mono, slowTone), "unsupported_codec"],
    ["255 channels in the second", concat(mono, firstPage(opusHead(255))), "decode_error"],
    ["more than a hundred", concat(...Array<Uint8Array>(101).fill(shortStream)), "decode_error"],
  ])("refuses %s", async (_, bytes, reason) => {
    expect(await resultOf(bytes)).toEqual({ kind: "unavailable", reason, durationMs: null });
  });

  it("measures a hundred", async () => {
    expect((await waveformOf(...Array<Uint8Array>(100).fill(shortStream))).durationMs).toBe(12_000);
  });
});

describe("computeWaveform applies the output gain of Opus", () => {
  it.each([-12, -3.5, 6])("of %d dB", async (decibels) => {
    const plain = await waveformOf(mono);
    const changed = await waveformOf(withGain(mono, decibels));
    expect(changed.durationMs).toBe(plain.durationMs);
    const expected = plain.channel(0).map((peak) => Math.min(255, peak * 10 ** (decibels / 20)));
    const wrong = changed.channel(0).filter((peak, i) => plain.peaks[i]! < 255 && Math.abs(peak - expected[i]!) > 1.6);
    expect(wrong).toEqual([]);
  });

  it("to the stream that has it only", async () => {
    const loudest = async (...parts: Uint8Array[]) => Math.max(...(await waveformOf(...parts)).peaks);
    expect(await loudest(withGain(mono, -128), mono)).toBe(await loudest(mono));
    expect(await loudest(withGain(mono, -128), withGain(mono, -128))).toBe(0);
  });
});
