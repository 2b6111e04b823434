import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chartHeight, layOutDueChart, seriesCount } from "@/components/retention/due-chart-layout";
import type { ForecastDay } from "@/lib/retention/forecast-retention";

const policy = (index: number) => `policy-${index}`;

/** Days with so many recordings of each policy, and the policies in the order of the forecast. */
function forecastOf(counts: readonly (readonly number[])[]) {
  const days = counts.map((ofDay, index): ForecastDay => {
    const shares = ofDay.flatMap((recordings, which) =>
      recordings > 0 ? [{ policyId: policy(which), recordings, sizeBytes: recordings }] : [],
    );
    const total = ofDay.reduce((sum, recordings) => sum + recordings, 0);
    return {
      day: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10),
      recordings: total,
      sizeBytes: total,
      held: 0,
      shares,
    };
  });
  const policies = Array.from({ length: Math.max(0, ...counts.map(({ length }) => length)) }, (_, which) => ({
    id: policy(which),
    name: policy(which),
    recordings: 1,
  }));
  return { days, policies };
}

const counts = fc.array(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 9 }), {
  minLength: 1,
  maxLength: 90,
});
const close = (value: number, wanted: number) => expect(Math.abs(value - wanted)).toBeLessThan(1e-6);

describe("the chart of what falls due", () => {
  it("stacks each day's policies without gap or overlap, proportional to their numbers", () => {
    fc.assert(
      fc.property(counts, (given) => {
        const { columns } = layOutDueChart(forecastOf(given));
        const unit = columns.flatMap(({ segments }) => segments).find(({ recordings }) => recordings > 0);
        for (const { day, segments, top } of columns) {
          let below = chartHeight;
          for (const { y, height, recordings } of segments) {
            close(y + height, below);
            if (unit) close(height * unit.recordings, unit.height * recordings);
            below = y;
          }
          expect(top).toBe(segments.length > 0 ? below : chartHeight);
          expect(segments.reduce((sum, { recordings }) => sum + recordings, 0)).toBe(day.recordings);
          expect(top).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it("keeps every day inside the drawing, in order and without overlap", () => {
    fc.assert(
      fc.property(counts, (given) => {
        const { columns } = layOutDueChart(forecastOf(given));
        for (const [index, { x, width, step }] of columns.entries()) {
          expect(width).toBeGreaterThan(0);
          expect(x).toBeGreaterThanOrEqual(index * step - 1e-6);
          expect(x + width).toBeLessThanOrEqual((index + 1) * step + 1e-6);
        }
        close(columns.length * columns[0]!.step, 100);
      }),
    );
  });

  it("has axis marks at whole numbers only, from zero to at least the maximum", () => {
    fc.assert(
      fc.property(counts, (given) => {
        const { ticks, columns } = layOutDueChart(forecastOf(given));
        expect(ticks[0]).toEqual({ value: 0, y: chartHeight });
        expect(ticks.every(({ value, y }) => Number.isInteger(value) && y >= 0 && y <= chartHeight)).toBe(true);
        expect(new Set(ticks.map(({ value }) => value)).size).toBe(ticks.length);
        expect(Math.min(...ticks.map(({ y }) => y))).toBeLessThanOrEqual(
          Math.min(...columns.map(({ top }) => top)) + chartHeight / 2,
        );
      }),
    );
  });

  it("gives the first policies a colour each, and the others one shared colour", () => {
    const { columns } = layOutDueChart(
      forecastOf([
        [1, 2, 3, 4, 5, 6, 7, 8],
        [0, 0, 0, 0, 0, 0, 0, 9],
      ]),
    );
    expect(columns[0]!.segments.map(({ series, policyId, recordings }) => [series, policyId, recordings])).toEqual([
      ...Array.from({ length: seriesCount }, (_, index) => [index, policy(index), index + 1]),
      [seriesCount, null, 15],
    ]);
    expect(columns[1]!.segments.map(({ series, policyId, recordings }) => [series, policyId, recordings])).toEqual([
      [seriesCount, null, 9],
    ]);
  });

  it("draws nothing where nothing falls due", () => {
    const { columns, ticks } = layOutDueChart(forecastOf([[0], [0]]));
    expect(columns.map(({ segments, top }) => [segments, top])).toEqual([
      [[], chartHeight],
      [[], chartHeight],
    ]);
    expect(ticks.map(({ value }) => value)).toEqual([0, 1]);
  });
});
