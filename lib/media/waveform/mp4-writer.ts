/** A track of sound as the head of an MP4 describes it. Times are in samples of sound. */
export type Mp4Track = {
  sampleRate: number;
  /** How long all of it is; of that, what is heard: `heard` from `start` on. */
  total: number;
  start: number;
  heard: number;
  /** The codec: a sample entry. */
  entry: Uint8Array;
  /** "stts": how long each frame is. */
  times: Uint8Array;
  /** "stsc", "stsz", and "stco" or "co64": where the frames are in the file, behind a head of this length. */
  tables: (headBytes: number) => readonly Uint8Array[];
};

/** The beginning of an MP4 file (ISO/IEC 14496-12) of one track, up to its media data of `mediaBytes`. */
export function mp4Head(track: Mp4Track, mediaBytes: number): Uint8Array {
  // The offsets in the head depend on the length of the head, but not the other way round.
  return buildHead(track, mediaBytes, buildHead(track, mediaBytes, 0).length);
}

function buildHead(track: Mp4Track, mediaBytes: number, headBytes: number): Uint8Array {
  const { sampleRate, total, start, heard, entry, times, tables } = track;
  const table = box("stbl", fullBox("stsd", u32(1), entry), times, ...tables(headBytes));
  const media = box(
    "mdia",
    fullBox("mdhd", u32(0), u32(0), u32(sampleRate), u32(total), u16(0x55c4), u16(0)),
    fullBox("hdlr", u32(0), text("soun"), zeros(13)),
    box("minf", fullBox("smhd", u32(0)), box("dinf", fullBox("dref", u32(1), flaggedBox("url ", 1))), table),
  );
  const edits = box("edts", fullBox("elst", u32(1), u32(heard), u32(start), u32(0x10000)));
  const movie = box("moov", movieHeader(sampleRate, heard), box("trak", trackHeader(heard), edits, media));
  return concat(box("ftyp", text("isom"), u32(512), text("isommp41")), movie, dataHeader(mediaBytes));
}

function movieHeader(timescale: number, duration: number): Uint8Array {
  const rate = concat(u32(0x10000), u16(0x100), zeros(10));
  return fullBox("mvhd", u32(0), u32(0), u32(timescale), u32(duration), rate, UNITY_MATRIX, zeros(24), u32(2));
}

function trackHeader(duration: number): Uint8Array {
  const times = concat(u32(0), u32(0), u32(1), u32(0), u32(duration));
  // Flags: the track is enabled, and in the presentation.
  return flaggedBox("tkhd", 3, times, zeros(12), u16(0x100), u16(0), UNITY_MATRIX, zeros(8));
}

/** The header of the media data. */
function dataHeader(mediaBytes: number): Uint8Array {
  return mediaBytes + 8 <= 0xffff_ffff
    ? concat(u32(mediaBytes + 8), text("mdat"))
    : concat(u32(1), text("mdat"), u64(mediaBytes + 16));
}

export const zeros = (length: number) => new Uint8Array(length);
const text = (value: string) => new TextEncoder().encode(value);
export const u16 = (value: number) => Uint8Array.of(value >> 8, value);
export const u32 = (value: number) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
export const u64 = (value: number) => concat(u32(Math.floor(value / 2 ** 32)), u32(value % 2 ** 32));
const UNITY_MATRIX = concat(u32(0x10000), zeros(12), u32(0x10000), zeros(12), u32(0x40000000));

export function bigEndianWords(values: ArrayLike<number>): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4));
  for (let i = 0; i < values.length; i++) view.setUint32(i * 4, values[i]!);
  return new Uint8Array(view.buffer);
}

/** @param name four characters, or their bytes. */
export function box(name: string | Uint8Array, ...content: Uint8Array[]): Uint8Array {
  const body = concat(...content);
  return concat(u32(body.length + 8), typeof name === "string" ? text(name) : name, body);
}

const flaggedBox = (name: string, flags: number, ...content: Uint8Array[]) => box(name, u32(flags), ...content);
export const fullBox = (name: string, ...content: Uint8Array[]) => flaggedBox(name, 0, ...content);

export function descriptor(tag: number, ...content: Uint8Array[]): Uint8Array {
  const body = concat(...content);
  return concat(Uint8Array.of(tag, body.length), body);
}

export function concat(...parts: Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
