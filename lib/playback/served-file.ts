import type { ByteRange } from "@/lib/storage/store-requests";

/** What a player receives instead of the file as stored: a head, then the file from `skippedBytes` on. */
export type ServedFile = { contentType: string; headBytes: number; skippedBytes: number };

/** The bytes of a served file, or of the stored one, that a range asks for. */
export type ServedParts = {
  /** Half-open. */
  head: { start: number; endExclusive: number } | null;
  stored: ByteRange | null;
};

/**
 * The file that a head makes of a stored one: of an MP3 with a variable bit rate an MP4 with the same sound, in which
 * browsers know the times; of anything else a WAV with a right header.
 */
export function servedWithHead(storedType: string, headBytes: number, skippedBytes: number): ServedFile {
  return { contentType: storedType === "audio/mpeg" ? "audio/mp4" : "audio/wav", headBytes, skippedBytes };
}

export function servedSize(served: ServedFile | null, storedBytes: number): number {
  return served ? served.headBytes + storedBytes - served.skippedBytes : storedBytes;
}

/** The offset in the stored file of an offset in the served one; 0 for the head. */
export function storedOffset(served: ServedFile | null, offset: number): number {
  return served ? Math.max(0, offset - served.headBytes + served.skippedBytes) : offset;
}

/** Splits a range of the served file into what comes from the head and what from the store. */
export function splitServedRange(served: ServedFile | null, { start, endInclusive }: ByteRange): ServedParts {
  const headBytes = served?.headBytes ?? 0;
  const head = start < headBytes ? { start, endExclusive: Math.min(headBytes, endInclusive + 1) } : null;
  if (endInclusive < headBytes) return { head, stored: null };
  const from = Math.max(start, headBytes);
  return { head, stored: { start: storedOffset(served, from), endInclusive: storedOffset(served, endInclusive) } };
}
