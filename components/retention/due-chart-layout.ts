import { scaleBand, scaleLinear } from "d3-scale";
import type { ForecastDay, RetentionForecast } from "@/lib/retention/forecast-retention";

/** Policies with their own colour; the others share the last one. */
export const seriesCount = 6;

/** Height of the drawing, and space above its highest bar, in pixels. */
export const chartHeight = 176;
const headroom = 8;

/** A part of a day's bar: y and height in pixels. `policyId` is null for policies without their own colour. */
export type Segment = { series: number; policyId: string | null; recordings: number; y: number; height: number };
/** A day's bar: x and width in percent of the drawing, so that it fits any screen; `top` in pixels. */
export type Column = { day: ForecastDay; x: number; width: number; step: number; top: number; segments: Segment[] };
export type ChartLayout = { columns: Column[]; ticks: { value: number; y: number }[] };

/** Computes the chart of due recordings: a bar for each day, with its policies stacked in their order. */
export function layOutDueChart({ days, policies }: Pick<RetentionForecast, "days" | "policies">): ChartLayout {
  const x = scaleBand<string>()
    .domain(days.map(({ day }) => day))
    .range([0, 100])
    .paddingInner(0.25)
    .paddingOuter(0.125);
  const most = Math.max(1, ...days.map(({ recordings }) => recordings));
  const y = scaleLinear().domain([0, most]).nice(4).range([chartHeight, headroom]);
  const ranks = new Map(policies.map(({ id }, index) => [id, Math.min(index, seriesCount)]));
  const columns = days.map((day) => {
    const segments = stack(day, ranks, y);
    return {
      day,
      x: x(day.day)!,
      width: x.bandwidth(),
      step: x.step(),
      top: segments.at(-1)?.y ?? chartHeight,
      segments,
    };
  });
  const ticks = y
    .ticks(4)
    .filter(Number.isInteger)
    .map((value) => ({ value, y: y(value) }));
  return { columns, ticks };
}

function stack({ shares }: ForecastDay, ranks: ReadonlyMap<string, number>, y: (value: number) => number): Segment[] {
  const bySeries = new Map<number, { policyId: string | null; recordings: number }>();
  for (const { policyId, recordings } of shares) {
    const series = ranks.get(policyId) ?? seriesCount;
    bySeries.set(series, {
      policyId: series === seriesCount ? null : policyId,
      recordings: recordings + (bySeries.get(series)?.recordings ?? 0),
    });
  }
  let below = 0;
  return [...bySeries]
    .toSorted(([a], [b]) => a - b)
    .map(([series, { policyId, recordings }]) => {
      const [bottom, top] = [y(below), y(below + recordings)];
      below += recordings;
      return { series, policyId, recordings, y: top, height: bottom - top };
    });
}
