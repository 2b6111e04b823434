import type { AudioCodec } from "../../core/audio-codecs.ts";
import type { RefusedForm } from "../../core/refused-forms.ts";
import type { AudioFile } from "../audio-file.ts";
import { viewOf } from "../byte-view.ts";
import type { SniffedAudio } from "../sniffed-audio.ts";

const ID = {
  header: 0x1a45dfa3,
  docType: 0x4282,
  segment: 0x18538067,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  entry: 0xae,
  kind: 0x83,
  codec: 0x86,
  audio: 0xe1,
  rate: 0xb5,
  channels: 0x9f,
  encodings: 0x6d80,
} as const;

const SOUND = 2;

/** Buttons, control and text: no pictures. */
const SILENT_KINDS = [0x11, 0x12, 0x20, 0x21];

const CODECS: Record<string, AudioCodec> = { A_OPUS: "opus", A_VORBIS: "vorbis" };

const MAXIMUM_ELEMENTS = 64;
const MAXIMUM_TRACKS_BYTES = 16 * 1024;

type Element = { id: number; start: number; size: number };

/** Audio in a WebM file. Matroska, of which WebM is a subset, is refused: browsers do not play it. */
export async function readWebm(file: AudioFile): Promise<SniffedAudio | RefusedForm> {
  const header = readElement(file.head, 0);
  if (!header) return "unknown";
  const docType = textOf(file.head, find(file.head, header.start, header.start + header.size, ID.docType));
  if (docType !== "webm") return docType === "matroska" ? "matroska" : "unknown";
  const segment = readElement(file.head, header.start + header.size);
  if (segment?.id !== ID.segment) return "unknown";
  const tracks = await findTracks(file, segment.start);
  return tracks ? describeTracks(tracks) : "no_sound_track";
}

/** The content of the `Tracks` element, which lies before the first sound. */
async function findTracks(file: AudioFile, start: number): Promise<Uint8Array | null> {
  for (let [offset, count] = [start, 0]; count < MAXIMUM_ELEMENTS; count++) {
    const header = await file.bytes(offset, 12);
    const element = readElement(header, 0);
    if (!element || element.id === ID.cluster) return null;
    const contentStart = offset + element.start;
    if (element.id === ID.tracks) return file.bytes(contentStart, Math.min(element.size, MAXIMUM_TRACKS_BYTES));
    offset = contentStart + element.size;
  }
  return null;
}

function describeTracks(tracks: Uint8Array): SniffedAudio | RefusedForm {
  let found: SniffedAudio | null = null;
  for (const { id, start, size } of list(tracks, 0, tracks.length)) {
    if (id !== ID.entry) continue;
    const end = start + size;
    const kind = uintOf(tracks, find(tracks, start, end, ID.kind));
    if (kind !== null && SILENT_KINDS.includes(kind)) continue;
    if (kind !== SOUND) return "video";
    if (found) return "several_tracks";
    if (find(tracks, start, end, ID.encodings)) return "encrypted";
    const name = textOf(tracks, find(tracks, start, end, ID.codec));
    const audio = find(tracks, start, end, ID.audio);
    const inAudio = (wanted: number) => audio && find(tracks, audio.start, audio.start + audio.size, wanted);
    found = {
      contentType: "audio/webm",
      codec: Object.hasOwn(CODECS, name) ? CODECS[name]! : "other",
      channels: uintOf(tracks, inAudio(ID.channels)) ?? 1,
      sampleRate: floatOf(tracks, inAudio(ID.rate)),
    };
  }
  return found ?? "no_sound_track";
}

/** Reads the header of an EBML element (RFC 8794): its id and its size, each of variable length. */
function readElement(bytes: Uint8Array, offset: number): Element | null {
  const idBytes = Math.clz32(bytes[offset] ?? 0) - 23;
  const sizeBytes = Math.clz32(bytes[offset + idBytes] ?? 0) - 23;
  const start = offset + idBytes + sizeBytes;
  if (idBytes > 4 || sizeBytes > 8 || start > bytes.length) return null;
  const number = (from: number, count: number) =>
    bytes.subarray(from, from + count).reduce((value, byte) => value * 256 + byte, 0);
  const size = number(offset + idBytes, sizeBytes) - 2 ** (7 * sizeBytes);
  // All ones: unknown, of a live recording.
  return { id: number(offset, idBytes), start, size: size === 2 ** (7 * sizeBytes) - 1 ? Infinity : size };
}

function* list(bytes: Uint8Array, from: number, to: number): Generator<Element> {
  for (let [offset, count] = [from, 0]; offset < to && count < MAXIMUM_ELEMENTS; count++) {
    const element = readElement(bytes, offset);
    if (!element) return;
    yield element;
    offset = element.start + element.size;
  }
}

function find(bytes: Uint8Array, from: number, to: number, id: number): Element | null {
  for (const element of list(bytes, from, Math.min(to, bytes.length))) if (element.id === id) return element;
  return null;
}

function contentOf(bytes: Uint8Array, element: Element | null): Uint8Array {
  return element ? bytes.subarray(element.start, element.start + Math.min(element.size, 64)) : new Uint8Array(0);
}

const textOf = (bytes: Uint8Array, element: Element | null) =>
  String.fromCharCode(...contentOf(bytes, element)).replace(/\0+$/, "");

function uintOf(bytes: Uint8Array, element: Element | null): number | null {
  const content = contentOf(bytes, element);
  return content.length === 0 ? null : content.reduce((value, byte) => value * 256 + byte, 0);
}

function floatOf(bytes: Uint8Array, element: Element | null): number | null {
  const content = contentOf(bytes, element);
  if (content.length === 4) return viewOf(content).getFloat32(0);
  return content.length === 8 ? viewOf(content).getFloat64(0) : null;
}
