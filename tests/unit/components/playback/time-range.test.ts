import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bufferedRanges, mergeRanges } from "@/components/playback/time-range";

const anyRange = fc.record({ startMs: fc.integer({ min: 0, max: 500 }), endMs: fc.integer({ min: 0, max: 500 }) });

describe("mergeRanges", () => {
  it("merges ranges that overlap or touch", () => {
    expect(
      mergeRanges([
        { startMs: 5, endMs: 9 },
        { startMs: 0, endMs: 3 },
        { startMs: 3, endMs: 4 },
        { startMs: 8, endMs: 12 },
      ]),
    ).toEqual([
      { startMs: 0, endMs: 4 },
      { startMs: 5, endMs: 12 },
    ]);
  });

  it("covers exactly the same time, in order and without overlap", () => {
    fc.assert(
      fc.property(fc.array(anyRange), fc.integer({ min: 0, max: 500 }), (ranges, moment) => {
        const merged = mergeRanges(ranges);
        const covers = (list: typeof ranges) => list.some((range) => moment >= range.startMs && moment < range.endMs);
        expect(covers(merged)).toBe(covers(ranges));
        for (const [index, range] of merged.entries())
          if (index > 0) expect(range.startMs).toBeGreaterThan(merged[index - 1]!.endMs);
      }),
    );
  });

  it("does not change its input", () => {
    const input = [
      { startMs: 0, endMs: 5 },
      { startMs: 4, endMs: 9 },
    ];
    mergeRanges(input);
    expect(input).toEqual([
      { startMs: 0, endMs: 5 },
      { startMs: 4, endMs: 9 },
    ]);
  });
});

it("bufferedRanges converts seconds to milliseconds", () => {
  const seconds: [number, number][] = [
    [0, 1.5],
    [10, 12],
  ];
  const buffered = {
    length: 2,
    start: (index: number) => seconds[index]![0],
    end: (index: number) => seconds[index]![1],
  };
  expect(bufferedRanges(buffered)).toEqual([
    { startMs: 0, endMs: 1500 },
    { startMs: 10_000, endMs: 12_000 },
  ]);
});
