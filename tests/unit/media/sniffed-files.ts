import { readFileSync } from "node:fs";
import path from "node:path";
import { SNIFF_HEAD_BYTES, sniffAudio } from "@/lib/media/sniff-audio";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures");

/** A file below `tests/fixtures`. */
export const fixture = (file: string): Uint8Array => new Uint8Array(readFileSync(path.join(fixtures, file)));

/** Sniffs a file that can be read anywhere, and counts the reads beyond its head. */
export async function sniffCounted(bytes: Uint8Array, declared?: string) {
  const reads: { start: number; count: number }[] = [];
  const read = async (start: number, count: number) => {
    reads.push({ start, count });
    return bytes.subarray(start, start + count);
  };
  const head = bytes.subarray(0, SNIFF_HEAD_BYTES);
  return { found: await sniffAudio({ head, sizeBytes: bytes.length, read }, declared), reads };
}

/** What a whole file is. */
export const sniff = async (bytes: Uint8Array, declared?: string) => (await sniffCounted(bytes, declared)).found;

/** What a stream is of which only the head is known. */
export const sniffHead = (bytes: Uint8Array) =>
  sniffAudio({ head: bytes.subarray(0, SNIFF_HEAD_BYTES), sizeBytes: null, read: null });
