import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { SeekableFile } from "@/lib/media/waveform/positioned-reader";

const folder = join(process.cwd(), "tests", "fixtures", "audio");

export interface FixtureCall {
  file: string;
  contentType: string;
  channels: number;
  durationMs: number;
}

export const fixtureCalls = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8")) as FixtureCall[];
export const fixturePath = (file: string): string => join(folder, file);
export const fixtureBytes = (file: string): Uint8Array => new Uint8Array(readFileSync(fixturePath(file)));
export const fixtureLike = (part: string): FixtureCall => fixtureCalls.find(({ file }) => file.includes(part))!;

/** A file to measure. Only an MP4 needs its size, and is read from elsewhere than its start. */
export const fileOf = (read: (from: number) => AsyncIterable<Uint8Array>, sizeBytes = 0): SeekableFile => ({
  sizeBytes,
  read,
});

export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const concat = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
export const littleEndian = (value: number, bytes: 2 | 4): Uint8Array =>
  bytes === 2 ? new Uint8Array(Uint16Array.of(value).buffer) : new Uint8Array(Uint32Array.of(value).buffer);

export const pngBytes = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);

/** The same bytes every time, without audio. */
export function noise(length: number, seed = 7): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) >>> 16);
}

export interface WavOptions {
  code?: number;
  channels?: number;
  sampleRate?: number;
  bits?: number;
  /** The size in the header; the real size by default. */
  claimedSize?: number;
  extensible?: boolean;
  before?: Uint8Array;
}

/** A WAV file around samples that are already coded. */
export function wav(samples: Uint8Array, options: WavOptions = {}): Uint8Array {
  const {
    code = 1,
    channels = 1,
    sampleRate = 8000,
    bits = 16,
    claimedSize = samples.length,
    extensible = false,
    before = new Uint8Array(0),
  } = options;
  const guid = concat(littleEndian(code, 2), new Uint8Array(Buffer.from("000000001000800000aa00389b71", "hex")));
  const extension = extensible
    ? concat(littleEndian(22, 2), littleEndian(bits, 2), littleEndian(0, 4), guid)
    : new Uint8Array(0);
  const format = concat(
    littleEndian(extensible ? 0xfffe : code, 2),
    littleEndian(channels, 2),
    littleEndian(sampleRate, 4),
    littleEndian((sampleRate * channels * bits) / 8, 4),
    littleEndian((channels * bits) / 8, 2),
    littleEndian(bits, 2),
    extension,
  );
  return concat(
    ...[text("RIFF"), littleEndian(Math.min(0xffffffff, claimedSize + 36), 4), text("WAVE"), before],
    ...[text("fmt "), littleEndian(format.length, 4), format, text("data"), littleEndian(claimedSize, 4), samples],
  );
}

const bigEndian = (value: number): Uint8Array => littleEndian(value, 4).reverse();
const box = (name: string, ...content: Uint8Array[]): Uint8Array => {
  const body = concat(...content);
  return concat(bigEndian(body.length + 8), text(name), body);
};

/** The beginning of an MP4 file with one track of each kind ("soun", "vide"). */
export function mp4(brand: string, kinds: string[]): Uint8Array {
  const track = (kind: string) =>
    box("trak", box("mdia", box("hdlr", new Uint8Array(8), text(kind), new Uint8Array(13))));
  return concat(box("ftyp", text(brand), bigEndian(0), text("isom")), box("moov", ...kinds.map(track)));
}

/** An Ogg page. The checksum is zero: the portal's decoders do not check it. */
export function oggPage(packets: Uint8Array[], page: { flags: number; granule: bigint; sequence: number }): Uint8Array {
  const lacing = packets.flatMap(({ length }) => [...Array<number>(Math.floor(length / 255)).fill(255), length % 255]);
  const granule = new Uint8Array(BigUint64Array.of(page.granule).buffer);
  return concat(
    ...[
      text("OggS"),
      Uint8Array.of(0, page.flags),
      granule,
      littleEndian(1, 4),
      littleEndian(page.sequence, 4),
      littleEndian(0, 4),
    ],
    ...[Uint8Array.of(lacing.length, ...lacing), ...packets],
  );
}

export const opusHead = (channels: number): Uint8Array =>
  concat(
    text("OpusHead"),
    Uint8Array.of(1, channels),
    littleEndian(0, 2),
    littleEndian(48000, 4),
    littleEndian(0, 2),
    Uint8Array.of(0),
  );

/** Highly compressed silence: each page of 537 bytes holds half a minute (255 packets of 120 ms, two bytes each). */
export function opusBomb(pages: number): Uint8Array {
  const packet = Uint8Array.of((3 << 3) | 3, 2);
  const parts = [
    oggPage([opusHead(1)], { flags: 2, granule: 0n, sequence: 0 }),
    oggPage([concat(text("OpusTags"), littleEndian(0, 4), littleEndian(0, 4))], { flags: 0, granule: 0n, sequence: 1 }),
  ];
  for (let i = 1; i <= pages; i++) {
    parts.push(
      oggPage(Array<Uint8Array>(255).fill(packet), { flags: 0, granule: BigInt(i * 255 * 5760), sequence: i + 1 }),
    );
  }
  return concat(...parts);
}
