import type { MultipartUploads } from "@/lib/storage/object-store";

const mebibyte = 1024 ** 2;

/** Small enough to send again after a lost connection; large enough that 64 GiB need only a few thousand parts. */
const usualPartBytes = 16 * mebibyte;

/** The size of every part but the last, in whole mebibytes, for a file of `sizeBytes`. */
export function choosePartSize(sizeBytes: number, limits: Pick<MultipartUploads, "minPartBytes" | "maxParts">): number {
  const needed = Math.ceil(sizeBytes / limits.maxParts / mebibyte) * mebibyte;
  return Math.max(usualPartBytes, limits.minPartBytes, needed);
}

/** The sizes of all parts of a file, in order. Part numbers begin at 1. */
export function partSizes(sizeBytes: number, partSizeBytes: number): number[] {
  const count = Math.ceil(sizeBytes / partSizeBytes);
  return Array.from({ length: count }, (_, index) => Math.min(partSizeBytes, sizeBytes - index * partSizeBytes));
}
