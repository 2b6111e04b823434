import { expect, test } from "vitest";
import { heardDetails, mergeHeard, withinSent } from "@/lib/playback/heard-parts";

const row = (startMs: number, endMs: number, how: object = {}) => ({
  ...{ startMs, endMs, ratePercent: 100, isHidden: false, muted: "none" as const },
  ...how,
});
const part = (startMs: number, endMs: number) => ({ startMs, endMs, rate: 1, isHidden: false, muted: "none" as const });

test("parts that were heard in the same way are one", () => {
  expect(mergeHeard([row(3000, 5000), row(0, 3000), row(9000, 9500), row(1000, 2000)])).toEqual([
    part(0, 5000),
    part(9000, 9500),
  ]);
});

test("another speed, a hidden tab and a muted side stay apart", () => {
  const rows = [row(0, 1000), row(1000, 2000, { ratePercent: 150 }), row(2000, 3000, { isHidden: true })];
  expect(mergeHeard([...rows, row(3000, 4000, { muted: "right" })])).toHaveLength(4);
});

test("nothing is shown as heard that was not sent", () => {
  expect(withinSent([part(0, 600_000)], [{ startMs: 0, endMs: 10_000 }])).toEqual([part(0, 12_000)]);
  expect(withinSent([part(50_000, 60_000)], [{ startMs: 0, endMs: 10_000 }])).toEqual([]);
  expect(withinSent([part(0, 1000)], [])).toEqual([]);
});

test("an event names the parts, and how they were heard only where it differs", () => {
  expect(heardDetails([row(0, 3000)])).toEqual({ heardParts: ["0-3000"] });
  expect(heardDetails([row(0, 1000, { muted: "all", ratePercent: 200 }), row(1000, 2000, { isHidden: true })])).toEqual(
    {
      ...{ heardParts: ["0-1000", "1000-2000"], heardMutedParts: ["0-1000"], heardHiddenParts: ["1000-2000"] },
      heardRates: [2],
    },
  );
  expect(heardDetails([])).toEqual({});
});
