import { describe, expect, test } from "vitest";
import { servedSize, servedWithHead, splitServedRange } from "@/lib/playback/served-file";

const served = servedWithHead("audio/mpeg", 100, 0);

describe("a range of a served file", () => {
  test.each([
    ["in the head", 10, 50, { start: 10, endExclusive: 51 }, null],
    ["to the end of the head", 0, 99, { start: 0, endExclusive: 100 }, null],
    ["over the end of the head", 99, 100, { start: 99, endExclusive: 100 }, { start: 0, endInclusive: 0 }],
    ["behind the head", 150, 199, null, { start: 50, endInclusive: 99 }],
  ])("%s", (_, start, endInclusive, head, stored) =>
    expect(splitServedRange(served, { start, endInclusive })).toEqual({ head, stored }),
  );

  test("is one of the stored file without a head", () => {
    expect(splitServedRange(null, { start: 0, endInclusive: 9 })).toEqual({
      head: null,
      stored: { start: 0, endInclusive: 9 },
    });
  });

  test("leaves out what the head replaces", () => {
    const replaced = { ...served, skippedBytes: 44 };
    expect(servedSize(replaced, 1044)).toBe(1100);
    expect(splitServedRange(replaced, { start: 100, endInclusive: 1099 }).stored).toEqual({
      start: 44,
      endInclusive: 1043,
    });
  });
});

test("a served file is longer by its head", () =>
  expect([servedSize(served, 5), servedSize(null, 5)]).toEqual([105, 5]));
