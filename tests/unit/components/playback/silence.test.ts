import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findSilences, MINIMUM_SILENCE_MS, silenceJump, skippableMs } from "@/components/playback/silence";

const BUCKET_MS = 100;
const lane = (...parts: [level: number, buckets: number][]) =>
  Uint8Array.from(parts.flatMap(([level, buckets]) => Array<number>(buckets).fill(level)));
const peaks = (...lanes: Uint8Array[]) => ({ bucketMs: BUCKET_MS, lanes });

describe("findSilences", () => {
  it("finds the parts where nobody speaks", () => {
    expect(findSilences(peaks(lane([120, 30], [2, 40], [120, 30])))).toEqual([{ startMs: 3000, endMs: 7000 }]);
  });

  it("finds no silence while the other side speaks", () => {
    expect(findSilences(peaks(lane([120, 30], [2, 40], [120, 30]), lane([2, 30], [110, 40], [2, 30])))).toEqual([]);
  });

  it("ignores the pauses of ordinary speech", () => {
    const buckets = MINIMUM_SILENCE_MS / BUCKET_MS;
    expect(findSilences(peaks(lane([120, 30], [0, buckets], [120, 30])))).toEqual([]);
    expect(findSilences(peaks(lane([120, 30], [0, buckets + 1], [120, 30])))).toHaveLength(1);
  });

  it("ignores line noise but not quiet voices", () => {
    expect(findSilences(peaks(lane([150, 40], [7, 40], [150, 40])))).toHaveLength(1);
    expect(findSilences(peaks(lane([40, 40], [14, 40], [40, 40])))).toEqual([]);
  });

  it("finds nothing without peaks", () => {
    expect(findSilences(null)).toEqual([]);
  });
});

describe("silenceJump", () => {
  const silences = [{ startMs: 3000, endMs: 7000 }];

  it("skips to shortly before the next voice", () => {
    expect(silenceJump(silences, 3200, null)).toEqual({ targetMs: 6800, fromMs: 3000 });
  });

  it("does not skip outside a silence, at its margins, or twice", () => {
    for (const positionMs of [0, 3100, 6700, 6800, 7000]) expect(silenceJump(silences, positionMs, null)).toBeNull();
    expect(silenceJump(silences, 3500, 3000)).toBeNull();
  });

  it("always moves forward and never loops", () => {
    const level = fc.tuple(fc.constantFrom(0, 120), fc.integer({ min: 1, max: 60 }));
    fc.assert(
      fc.property(
        fc.array(level, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 400 }),
        (parts, inaccuracyMs) => {
          const found = findSilences(peaks(lane(...parts)));
          const endMs = parts.reduce((sum, [, buckets]) => sum + buckets, 0) * BUCKET_MS;
          let positionMs = 0;
          let jumpedFromMs: number | null = null;
          let jumps = 0;
          // A seek may land before its target, as it does in MP3.
          for (; positionMs < endMs; positionMs += 250) {
            const jump = silenceJump(found, positionMs, jumpedFromMs);
            if (!jump) continue;
            expect(jump.targetMs).toBeGreaterThan(positionMs);
            jumpedFromMs = jump.fromMs;
            positionMs = jump.targetMs - inaccuracyMs;
            jumps += 1;
          }
          expect(jumps).toBeLessThanOrEqual(found.length);
        },
      ),
    );
  });
});

it("skippableMs counts the skipped time, without the margins", () => {
  expect(
    skippableMs([
      { startMs: 0, endMs: 2000 },
      { startMs: 5000, endMs: 8000 },
    ]),
  ).toBe(4200);
});
