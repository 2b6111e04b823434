import { hasText } from "./byte-view.ts";

/**
 * Reads the header of an ID3v2 tag at the beginning of a file.
 * @returns its whole size in bytes and whether a well-formed frame follows, or null when there is no tag.
 */
export function readId3Tag(head: Uint8Array): { size: number; hasFrames: boolean } | null {
  if (!hasText(head, 0, "ID3") || head.length < 14) return null;
  const version = head[3]!;
  const sizeBytes = head.subarray(6, 10);
  if (version < 2 || version > 4 || head[4] === 0xff || sizeBytes.some((byte) => byte > 0x7f)) return null;
  const bodySize = sizeBytes.reduce((sum, byte) => sum * 128 + byte, 0);
  const footerSize = (head[5]! & 0x10) !== 0 ? 10 : 0;
  const frameName = head.subarray(10, 10 + (version === 2 ? 3 : 4));
  const hasFrames = frameName.every((byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a));
  return { size: 10 + bodySize + footerSize, hasFrames };
}
