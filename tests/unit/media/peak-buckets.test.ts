import { describe, expect, it } from "vitest";
import { PeakBuckets } from "@/lib/media/waveform/peak-buckets";

const sound = (frames: number, sampleRate: number, stream?: number, channels = 1) => ({
  channelData: Array.from({ length: channels }, () => new Float32Array(frames).fill(0.5)),
  sampleRate,
  stream,
});

const measure = (...sounds: ReturnType<typeof sound>[]) => {
  const buckets = new PeakBuckets(sounds[0]!);
  for (const each of sounds) buckets.add(each);
  return buckets.finish();
};

describe("PeakBuckets", () => {
  it("puts streams of different rates and channels behind one another", () => {
    const result = measure(sound(4000, 8000, 1), sound(11_025, 11_025, 2, 2), sound(4000, 16_000, 3));
    expect(result).toMatchObject({ channels: 2, durationMs: 1750, bucketMs: 10 });
    expect([...result.peaks]).toEqual(Array(350).fill(128));
  });

  it("leaves the last channel silent where a stream has fewer channels than another, but more than one", () => {
    const { peaks } = measure(sound(80, 8000, 1, 3), sound(80, 8000, 2, 2));
    expect([...peaks]).toEqual([128, 128, 128, 128, 128, 0]);
  });

  it("ends, at one frame a second", () => {
    expect(measure(sound(100, 1))).toMatchObject({ durationMs: 100_000, bucketMs: 40 });
  });

  it.each([
    ["another rate within a stream", [sound(80, 8000), sound(80, 16_000)]],
    ["more channels within a stream", [sound(80, 8000, 1), sound(80, 8000, 1, 2)]],
    ["a rate of zero", [sound(80, 0)]],
    ["no number as the rate", [sound(80, NaN)]],
    ["a rate of zero in a later stream", [sound(80, 8000, 1), sound(80, 0, 2)]],
  ])("refuses %s", (_, sounds) => {
    expect(() => measure(...sounds)).toThrow("decode_error");
  });
});
