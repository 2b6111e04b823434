import { hasText, joinBytes, viewOf } from "../byte-view.ts";

const HEADER_BYTES = 27;

const CONTINUED = 0x01;
const BEGINNING_OF_STREAM = 0x02;
const END_OF_STREAM = 0x04;

/** One page of an Ogg file (RFC 3533, section 6). */
export interface OggPage {
  /** The page with its header. */
  bytes: Uint8Array;
  isFirst: boolean;
  isLast: boolean;
  /** Begins with the rest of a packet of the page before. */
  isContinued: boolean;
  /** The time at the end of the page, in the unit of the codec; -1 if no packet ends on the page. */
  granule: number;
  serial: number;
  /** The packets on the page; `isWhole` is false for a last one that continues on the next page. */
  packets: { bytes: Uint8Array; isWhole: boolean }[];
}

/**
 * Splits an Ogg file into pages as it arrives. Bytes between pages are dropped, and so is a page that the end of the
 * file or the next stream cuts off: players do not play it.
 */
export class OggPages {
  private waiting: Uint8Array = new Uint8Array(0);

  /** Takes the next bytes of the file; yields the pages that they complete. */
  *read(bytes: Uint8Array): Generator<OggPage> {
    this.waiting = joinBytes(this.waiting, bytes);
    for (;;) {
      const start = findPage(this.waiting);
      this.waiting = this.waiting.subarray(start);
      const size = pageBytes(this.waiting);
      const cutAt = findNextStream(this.waiting.subarray(0, size ?? HEADER_BYTES + 255));
      if (cutAt !== null) {
        this.waiting = this.waiting.subarray(cutAt);
        continue;
      }
      if (size === null || this.waiting.length < size) return;
      const page = this.waiting.subarray(0, size);
      this.waiting = this.waiting.subarray(size);
      yield parsePage(page);
    }
  }
}

/** Where a page begins, or may begin at the end of the bytes; their length if nowhere. */
function findPage(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(0x4f); at >= 0; at = bytes.indexOf(0x4f, at + 1)) {
    if (bytes.length - at < 5 ? "OggS\0".startsWith(textOf(bytes.subarray(at))) : hasText(bytes, at, "OggS\0"))
      return at;
  }
  return bytes.length;
}

/** Where another stream begins within a page, which was then cut off; null if nowhere. */
function findNextStream(page: Uint8Array): number | null {
  for (let at = page.indexOf(0x4f, 1); at >= 0; at = page.indexOf(0x4f, at + 1))
    if (hasText(page, at, "OggS\0\x02")) return at;
  return null;
}

const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** The size of the page at the start of the bytes; null if they do not tell yet. */
function pageBytes(bytes: Uint8Array): number | null {
  const segments = bytes[HEADER_BYTES - 1];
  if (segments === undefined || bytes.length < HEADER_BYTES + segments) return null;
  let size = HEADER_BYTES + segments;
  for (let i = 0; i < segments; i++) size += bytes[HEADER_BYTES + i]!;
  return size;
}

function parsePage(bytes: Uint8Array): OggPage {
  const view = viewOf(bytes);
  const flags = view.getUint8(5);
  return {
    bytes,
    isFirst: (flags & BEGINNING_OF_STREAM) !== 0,
    isLast: (flags & END_OF_STREAM) !== 0,
    isContinued: (flags & CONTINUED) !== 0,
    granule: Number(view.getBigInt64(6, true)),
    serial: view.getUint32(14, true),
    packets: splitPackets(bytes),
  };
}

function splitPackets(page: Uint8Array): OggPage["packets"] {
  const segments = page[HEADER_BYTES - 1]!;
  const packets: OggPage["packets"] = [];
  let start = HEADER_BYTES + segments;
  let end = start;
  for (let i = 0; i < segments; i++) {
    const size = page[HEADER_BYTES + i]!;
    end += size;
    const isWhole = size < 255;
    if (!isWhole && i < segments - 1) continue;
    packets.push({ bytes: page.subarray(start, end), isWhole });
    start = end;
  }
  return packets;
}
