import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePeaks, delayPeaks, drawingGain, joinPeaks, poolLane } from "@/components/playback/peaks";

const stored = (bytes: number[], channels: number) => ({
  bucketMs: 20,
  channels,
  peaks: Buffer.from(bytes).toString("base64"),
});

describe("decodePeaks", () => {
  it("separates interleaved channels", () => {
    expect(decodePeaks(stored([1, 200, 2, 201, 3, 202], 2))).toEqual({
      bucketMs: 20,
      lanes: [Uint8Array.of(1, 2, 3), Uint8Array.of(200, 201, 202)],
    });
  });

  it("drops a half bucket at the end", () => {
    expect(decodePeaks(stored([1, 2, 3], 2))?.lanes.map((lane) => lane.length)).toEqual([1, 1]);
  });

  it("is null when there is nothing to draw", () => {
    expect(decodePeaks(null)).toBeNull();
    expect(decodePeaks(stored([], 1))).toBeNull();
    expect(decodePeaks({ bucketMs: 0, channels: 1, peaks: "AAAA" })).toBeNull();
    expect(decodePeaks({ bucketMs: 20, channels: 1, peaks: "not base64 %" })).toBeNull();
  });
});

describe("poolLane", () => {
  it("shows a single loud bucket at any width", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3999 }), fc.integer({ min: 1, max: 1500 }), (bucket, bars) => {
        const lane = new Uint8Array(4000);
        lane[bucket] = 255;
        expect(Math.max(...poolLane(lane, 10, 40_000, bars))).toBeGreaterThan(0.4);
      }),
    );
  });

  it("draws nothing after the last bucket", () => {
    expect([...poolLane(Uint8Array.of(255, 255), 10, 40, 4)]).toEqual([1, 1, 0, 0]);
  });
});

describe("drawingGain", () => {
  it("enlarges quiet calls, at most four times", () => {
    expect(drawingGain([Uint8Array.of(10), Uint8Array.of(122)])).toBeCloseTo(2, 1);
    expect(drawingGain([Uint8Array.of(1)])).toBe(4);
    expect(drawingGain([Uint8Array.of(255)])).toBeLessThan(1);
  });
});

describe("joinPeaks", () => {
  const lane = (bucketMs: number, ...peaks: number[]) => ({ bucketMs, lanes: [Uint8Array.from(peaks)] });

  it("puts both sides on one time line, with the loudest of the shorter buckets", () => {
    expect(joinPeaks(lane(20, 1, 9, 3, 4, 5), lane(40, 7))).toEqual({
      bucketMs: 40,
      lanes: [Uint8Array.of(9, 4, 5), Uint8Array.of(7, 0, 0)],
    });
  });

  it("draws the side that began later where it began", () => {
    expect(joinPeaks(lane(20, 1, 9, 3), delayPeaks(lane(20, 7, 8), 41))).toEqual({
      bucketMs: 20,
      lanes: [Uint8Array.of(1, 9, 3, 0), Uint8Array.of(0, 0, 7, 8)],
    });
  });

  it("is null if the peaks of one side are unknown", () => {
    expect(joinPeaks(lane(20, 1), null)).toBeNull();
    expect(joinPeaks(null, lane(20, 1))).toBeNull();
  });
});
