import type { RefusedForm } from "../core/refused-forms.ts";
import { hasText, viewOf } from "./byte-view.ts";

/** Signatures at the start of files that are no recordings. */
const SIGNATURES: readonly [signature: string, form: RefusedForm][] = [
  ["MJR0000", "janus_mjr"],
  ["MEETECHO", "janus_mjr"],
  ["MThd", "midi"],
  ["\x30\x26\xb2\x75\x8e\x66\xcf\x11", "windows_media"],
  [".RMF", "real_audio"],
  [".ra\xfd", "real_audio"],
  ["caff\0\x01", "caf"],
  ["riff\x2e\x91\xcf\x11", "wave64"],
  ["RIFX", "riff"],
  ["wvpk", "lossless"],
  ["MAC ", "lossless"],
  ["TTA1", "lossless"],
  ["TTA2", "lossless"],
  ["FLV\x01", "video"],
  ["\0\0\x01\xba", "video"],
  ["\0\0\x01\xb3", "video"],
  ["\xd4\xc3\xb2\xa1", "packet_capture"],
  ["\xa1\xb2\xc3\xd4", "packet_capture"],
  ["\x4d\x3c\xb2\xa1", "packet_capture"],
  ["\x0a\x0d\x0d\x0a", "packet_capture"],
  ["\x89PNG\r\n\x1a\n", "image"],
  ["GIF87a", "image"],
  ["GIF89a", "image"],
  ["II*\0", "image"],
  ["MM\0*", "image"],
  ["8BPS\0\x01", "image"],
  ["PK\x03\x04", "archive"],
  ["PK\x05\x06", "archive"],
  ["Rar!\x1a\x07", "archive"],
  ["7z\xbc\xaf\x27\x1c", "archive"],
  ["\xfd7zXZ\0", "archive"],
  ["\x28\xb5\x2f\xfd", "archive"],
  ["\x1f\x8b\x08", "archive"],
  ["%PDF-", "document"],
  ["%!PS", "document"],
  ["{\\rtf", "document"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"],
  ["\x7fELF", "executable"],
  ["\xca\xfe\xba\xbe", "executable"],
  ["\xfe\xed\xfa\xce", "executable"],
  ["\xfe\xed\xfa\xcf", "executable"],
  ["\xce\xfa\xed\xfe", "executable"],
  ["\xcf\xfa\xed\xfe", "executable"],
  ["\0asm", "executable"],
  ["#!/", "executable"],
  ["SQLite format 3\0", "database"],
];

/** Boxes with which a QuickTime film without a brand begins. */
const QUICKTIME_BOXES = ["moov", "mdat", "wide", "free", "skip", "pnot"];

const HTML = /^(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|script|svg|iframe|\?xml|!--)/i;

// eslint-disable-next-line no-control-regex
const CONTROL = /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f]/;

/** What a file is that is no recording, by its first bytes; null if no signature is known. */
export function foreignForm(head: Uint8Array): RefusedForm | null {
  const found = SIGNATURES.find(([signature]) => hasText(head, 0, signature))?.[1];
  if (found) return found;
  if (isJpeg(head) || isBitmap(head)) return "image";
  if (isPortableExecutable(head)) return "executable";
  if (hasText(head, 257, "ustar") || (hasText(head, 0, "BZh") && hasText(head, 4, "1AY&SY"))) return "archive";
  if (hasText(head, 0, "FORM") && (hasText(head, 8, "AIFF") || hasText(head, 8, "AIFC"))) return "aiff";
  if (QUICKTIME_BOXES.some((name) => hasText(head, 4, name))) return "quicktime";
  if (isTransportStream(head)) return "video";
  return textForm(head);
}

/** Only two or three bytes are fixed, which sound may have by chance, so more is checked. */
function isJpeg(head: Uint8Array): boolean {
  const marker = head[3] ?? 0;
  const isSegment = (marker >= 0xe0 && marker <= 0xef) || marker === 0xdb || marker === 0xc0 || marker === 0xc4;
  return hasText(head, 0, "\xff\xd8\xff") && isSegment && viewOf(head).getUint16(4) > 2;
}

function isBitmap(head: Uint8Array): boolean {
  return (
    hasText(head, 0, "BM") && head.length >= 18 && hasText(head, 6, "\0\0\0\0") && head[15] === 0 && head[17] === 0
  );
}

function isPortableExecutable(head: Uint8Array): boolean {
  if (!hasText(head, 0, "MZ") || head.length < 64) return false;
  const header = viewOf(head).getUint32(60, true);
  return ["PE\0\0", "NE", "LE", "LX"].some((name) => hasText(head, header, name));
}

function isTransportStream(head: Uint8Array): boolean {
  return [0, 188, 376, 564].every((offset) => head[offset] === 0x47);
}

/** Text has no control characters, and more letters than the few codes with which G.711 writes silence. */
function textForm(head: Uint8Array): RefusedForm | null {
  // Whatever follows the first tag.
  if (HTML.test(String.fromCharCode(...head.subarray(0, 64)))) return "html";
  const text = decode(head.subarray(0, 4096));
  if (text === null || CONTROL.test(text) || new Set(text).size < 12) return null;
  return HTML.test(text) ? "html" : "text";
}

function decode(sample: Uint8Array): string | null {
  const wide = hasText(sample, 0, "\xff\xfe") ? "utf-16le" : hasText(sample, 0, "\xfe\xff") ? "utf-16be" : null;
  try {
    // The sample may end within a character.
    const text = new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(sample, { stream: true });
    // The mark of UTF-16 is also quiet G.711 sound, which has no Latin letters.
    const isLatin = !wide || 2 * (text.match(/[\t\n\r -\u024f]/g)?.length ?? 0) > text.length;
    return isLatin ? text : null;
  } catch {
    return null;
  }
}
