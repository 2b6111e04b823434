export type TimePart = { startMs: number; endMs: number };

/** Parses PostgreSQL's text of a set of half-open ranges: "{[0,1024),[4096,8192)}". */
export function parseByteRanges(text: string): [start: number, endExclusive: number][] {
  return [...text.matchAll(/\[(\d+),(\d+)\)/g)].map(([, start, end]) => [Number(start), Number(end)]);
}

/** Shorter parts are header probes of a player (Safari first requests two bytes), not sound. */
const shortestPartMs = 200;

/**
 * Converts byte ranges of a file to parts of the call; none if the duration is unknown.
 * @param offsets the offsets of equal parts of the duration; without them each byte counts the same.
 */
export function rangesInTime(
  ranges: [number, number][],
  file: { sizeBytes: number; durationMs: number | null; offsets: number[] | null },
): TimePart[] {
  const { sizeBytes, durationMs } = file;
  if (!durationMs) return [];
  const offsets = file.offsets && file.offsets.length > 1 ? file.offsets : [0, sizeBytes];
  const toMs = (byte: number) => Math.round(shareOf(byte, offsets) * durationMs);
  return ranges
    .map(([start, end]) => ({ startMs: toMs(start), endMs: toMs(end) }))
    .filter((part) => part.endMs - part.startMs >= shortestPartMs);
}

/** The share of the duration before a byte. */
function shareOf(byte: number, offsets: number[]): number {
  const parts = offsets.length - 1;
  const next = offsets.findIndex((offset) => offset > byte);
  if (next === 0) return 0;
  if (next < 0) return 1;
  const [from, to] = [offsets[next - 1]!, offsets[next]!];
  return (next - 1 + (byte - from) / (to - from)) / parts;
}
