import type { RecordingEnd, Source } from "@/scripts/recordings/ends/open-source";

const beginningOfStream = 0x02;
const endOfStream = 0x04;
/** The longest page (RFC 3533). */
const longestPage = 27 + 255 + 255 * 255;
const headBytes = 4096;

type Page = { start: number; end: number; flags: number; serial: number };

/**
 * A finished Ogg ends with a page that has the end-of-stream flag; every logical stream has one. Until then its encoder
 * may be silent for minutes: Vorbis writes nothing while nobody speaks.
 */
export async function oggEnd(source: Source): Promise<RecordingEnd> {
  const first = firstStreams(await source.readAt(0, headBytes));
  // Streams side by side may end far from the end of the file; those of a chain end one after the other.
  const start = first > 1 ? 0 : Math.max(0, source.sizeBytes - 2 * longestPage);
  const ended = new Map<number, boolean>();
  let last: Page | null = null;
  for await (const page of pages(source, start)) {
    ended.set(page.serial, (page.flags & endOfStream) !== 0);
    last = page;
  }
  const isWhole = last !== null && last.end === source.sizeBytes;
  return isWhole && [...ended.values()].every(Boolean) ? "ended" : "unfinished";
}

/** How many logical streams begin side by side. */
function firstStreams(head: Buffer): number {
  let count = 0;
  for (let page = pageAt(head, 0); page && page.flags & beginningOfStream; page = pageAt(head, page.end)) count += 1;
  return count;
}

/** Yields the whole pages from the first one at or behind `start`, while one follows the other. */
async function* pages(source: Source, start: number): AsyncGenerator<Page> {
  let at = start;
  let isInStep = start === 0;
  while (at < source.sizeBytes) {
    const bytes = await source.readAt(at, 2 * longestPage);
    let offset = isInStep ? 0 : findPage(source, at, bytes);
    if (offset < 0) return;
    isInStep = true;
    const before = offset;
    for (let page = pageAt(bytes, offset); page; page = pageAt(bytes, offset)) {
      yield { ...page, start: at + page.start, end: at + page.end };
      offset = page.end;
    }
    if (offset === before) return;
    at += offset;
  }
}

/** The first place of a page that another page, or the end of the file, follows; -1 if there is none. */
function findPage(source: Source, at: number, bytes: Buffer): number {
  for (let offset = bytes.indexOf("OggS"); offset >= 0; offset = bytes.indexOf("OggS", offset + 1)) {
    const page = pageAt(bytes, offset);
    if (page && (at + page.end === source.sizeBytes || pageAt(bytes, page.end))) return offset;
  }
  return -1;
}

/** The whole page at an offset; null if there is none. */
function pageAt(bytes: Buffer, offset: number): Page | null {
  if (offset + 27 > bytes.length || bytes.toString("latin1", offset, offset + 5) !== "OggS\0") return null;
  const segments = bytes[offset + 26]!;
  const body = offset + 27 + segments;
  if (body > bytes.length) return null;
  const end = bytes.subarray(offset + 27, body).reduce((sum, size) => sum + size, body);
  return end > bytes.length
    ? null
    : { start: offset, end, flags: bytes[offset + 5]!, serial: bytes.readUInt32LE(offset + 14) };
}
