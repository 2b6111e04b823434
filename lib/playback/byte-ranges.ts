export type TimePart = { startMs: number; endMs: number };

/** Parses PostgreSQL's text of a set of half-open ranges: "{[0,1024),[4096,8192)}". */
export function parseByteRanges(text: string): [start: number, endExclusive: number][] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, start, end]) => [Number(start), Number(end)]);
}

/** Shorter parts are header probes of a player (Safari first requests two bytes), not sound. */
const shortestPartMs = 200;

/** Converts byte ranges of a file to parts of the call; none if the duration is unknown. */
export function rangesInTime(ranges: [number, number][], sizeBytes: number, durationMs: number | null): TimePart[] {
  if (!durationMs) return [];
  const toMs = (byte: number) => Math.round((byte / sizeBytes) * durationMs);
  return ranges
    .map(([start, end]) => ({ startMs: toMs(start), endMs: toMs(end) }))
    .filter((part) => part.endMs - part.startMs >= shortestPartMs);
}
