import { access } from "node:fs/promises";
import path from "node:path";

// A file system keeps names as bytes, which need not be UTF-8 ("gravação" in Latin-1 has the byte 0xE3). In our paths
// each such byte is a lone surrogate, as in Python (PEP 383): U+DC80 to U+DCFF, which no UTF-8 has. So paths remain
// strings, and `onDisk` gives back the exact bytes.

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
// With the flag u, a surrogate of a pair does not match.
const loneByte = /[\uDC80-\uDCFF]/u;
const eachLoneByte = /[\uDC80-\uDCFF]/gu;

/** Returns the path for a name as the file system has it. */
export function fromDisk(name: Buffer): string {
  try {
    return strict.decode(name);
  } catch {
    return Array.from(name, (byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join("");
  }
}

/** Returns what to give to the functions of `node:fs`. */
export function onDisk(file: string): string | Buffer {
  if (!loneByte.test(file)) return file;
  const pieces = file.split(/([\uDC80-\uDCFF])/u);
  return Buffer.concat(
    pieces.map((piece) =>
      loneByte.test(piece) ? Buffer.from([piece.charCodeAt(0) - 0xdc00]) : Buffer.from(piece, "utf8"),
    ),
  );
}

/** Returns the path as a person reads it: bytes that are not UTF-8 are read as Windows-1252. */
export function readable(file: string): string {
  const latin = new TextDecoder("windows-1252");
  return file.replace(eachLoneByte, (byte) => latin.decode(Buffer.from([byte.charCodeAt(0) - 0xdc00])));
}

/** The bytes of a name that are not UTF-8, in hexadecimal ("E7 E3"): two names may read the same. Null: none. */
export function foreignBytes(file: string): string | null {
  const bytes = file.match(eachLoneByte)?.map((byte) => (byte.charCodeAt(0) - 0xdc00).toString(16).toUpperCase());
  return bytes?.join(" ") ?? null;
}

/** True for names that a folder's readers skip, such as those of our own subfolders. */
export const isHidden = (file: string) => path.basename(file).startsWith(".");

const known = [
  String.raw`(?<!\d)(?:19|20)\d\d-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])(?:[-_]?\d{6})?(?!\d)`,
  String.raw`(?<!\d)\d{9,10}\.\d+(?!\d)`,
  String.raw`\.[A-Za-z0-9]{1,5}$`,
];
const keptOrMasked = new RegExp(`(${known.join("|")})|[\\p{L}\\p{N}]`, "gu");

/**
 * Returns a file's name for a log, where telephone numbers and names of persons must not appear: every letter and digit
 * is an "x", except dates, ids of channels ("1795194202.42") and the extension, by which the file can be found.
 */
export function maskedName(file: string): string {
  return readable(path.basename(file)).replace(keptOrMasked, (found: string, kept?: string) => kept ?? "x");
}

/** True if there is something at the path that this user can reach. */
export const exists = (file: string) =>
  access(onDisk(file)).then(
    () => true,
    () => false,
  );
