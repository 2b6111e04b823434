export type TimePart = { startMs: number; endMs: number };

/** Reads Postgres' text of a set of half-open ranges: "{[0,1024),[4096,8192)}". */
export function parseByteRanges(text: string): [start: number, endExclusive: number][] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, start, end]) => [Number(start), Number(end)]);
}

/** Parts shorter than this are the header that a player probes for (Safari asks for two bytes first), not sound. */
const shortestPartMs = 200;

/** The parts of a call that byte ranges of its file stand for; none when the duration is not known. */
export function rangesInTime(ranges: [number, number][], sizeBytes: number, durationMs: number | null): TimePart[] {
  if (!durationMs) return [];
  const toMs = (byte: number) => Math.round((byte / sizeBytes) * durationMs);
  return ranges
    .map(([start, end]) => ({ startMs: toMs(start), endMs: toMs(end) }))
    .filter((part) => part.endMs - part.startMs >= shortestPartMs);
}
