/** A half-open part of a recording, in milliseconds from its start. */
export type TimeRange = { startMs: number; endMs: number };

/** Merges overlapping and touching ranges, ordered by start. Drops empty and reversed ranges. */
export function mergeRanges(ranges: readonly TimeRange[]): TimeRange[] {
  const ordered = ranges.filter((range) => range.endMs > range.startMs).toSorted((a, b) => a.startMs - b.startMs);
  const merged: TimeRange[] = [];
  for (const range of ordered) {
    const last = merged.at(-1);
    if (last && range.startMs <= last.endMs) last.endMs = Math.max(last.endMs, range.endMs);
    else merged.push({ ...range });
  }
  return merged;
}

/** Converts `buffered` of an `<audio>` element (seconds) to ranges in milliseconds. */
export function bufferedRanges(buffered: TimeRanges): TimeRange[] {
  return Array.from({ length: buffered.length }, (_, index) => ({
    startMs: buffered.start(index) * 1000,
    endMs: buffered.end(index) * 1000,
  }));
}
