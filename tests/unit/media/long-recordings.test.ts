import { describe, expect, it } from "vitest";
import { computeWaveform } from "@/lib/media/compute-waveform";
import { WavChunks } from "@/lib/media/waveform/wav-chunks";
import { concat, fileOf, fixtureBytes, fixtureLike, littleEndian, text, wav } from "./audio-samples";

const gibibyte = 2 ** 30;
const piece = new Uint8Array(64 * 1024 * 1024);

const measure = (bytes: Uint8Array) =>
  computeWaveform(
    fileOf(async function* () {
      yield bytes;
    }, bytes.length),
  );

const longSize = (value: number) => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);

/** The start of an RF64 file with its sizes in 64 bits. */
function rf64(soundBytes: number): Uint8Array {
  const sizes = concat(longSize(soundBytes + 72), longSize(soundBytes), longSize(soundBytes / 2), littleEndian(0, 4));
  const format = wav(new Uint8Array(0)).subarray(12, 36);
  const open = littleEndian(0xffffffff, 4);
  return concat(
    ...[text("RF64"), open, text("WAVE"), text("ds64"), littleEndian(28, 4), sizes, format, text("data"), open],
  );
}

describe("a long recording", () => {
  it("of 13 hours is drawn", async () => {
    const seconds = 13 * 3600;
    const waveform = await measure(wav(new Uint8Array(seconds * 1000), { code: 6, bits: 8, sampleRate: 1000 }));
    expect(waveform).toMatchObject({ kind: "ready", durationMs: seconds * 1000 });
    if (waveform.kind !== "ready") throw new Error("not ready");
    expect(waveform.peaks.length).toBeLessThanOrEqual(4000);
    expect(waveform.peaks.length * waveform.bucketMs).toBeGreaterThanOrEqual(waveform.durationMs);
  });

  it.each([
    ["of 5 GiB ends with its sound", 5 * gibibyte, 5 * gibibyte],
    ["of 5 GiB that says 4.5 GiB ends where it says", 4.5 * gibibyte, 4.5 * gibibyte],
    ["that says 6 GiB ends with the file", 6 * gibibyte, 5 * gibibyte],
  ])("%s", (_, stated, expected) => {
    const chunks = new WavChunks();
    let sound = chunks.read(rf64(stated)).length;
    for (let read = 0; read < 5 * gibibyte; read += piece.length) sound += chunks.read(piece).length;
    expect(sound).toBe(expected);
    expect(chunks.statedFrames).toBe(0);
  });
});

describe("two files behind one another", () => {
  // Chromium plays the first WAV and takes the second for a chunk that it does not know.
  it.each([
    ["WAV", fixtureLike("04-wav-pcm-mono").file, fixtureLike("05-wav-pcm-mono").file],
    ["WAV, G.711", fixtureLike("03-wav-alaw-mono").file, fixtureLike("10-wav-alaw-mono").file],
  ])("are as long as what players play: the first %s", async (_, first, second) => {
    const alone = await measure(fixtureBytes(first));
    const joined = await measure(concat(fixtureBytes(first), fixtureBytes(second)));
    expect({ ...joined, byteOffsets: null }).toEqual({ ...alone, byteOffsets: null });
  });
});
