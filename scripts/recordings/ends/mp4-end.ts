import type { RecordingEnd, Source } from "@/scripts/recordings/ends/open-source";

/** A damaged file must not be walked for ever. */
const mostBoxes = 100_000;
const longestIndex = 64 * 1024;

/**
 * A finished MP4 has its index (`moov`) and ends with its last box. A fragmented one (`moof`, as browsers record) can
 * always go on: it has no end.
 */
export async function mp4End(source: Source): Promise<RecordingEnd> {
  let hasIndex = false;
  let isFragmented = false;
  let offset = 0;
  for (let boxes = 0; offset < source.sizeBytes && boxes < mostBoxes; boxes += 1) {
    const box = await boxAt(source, offset);
    if (!box) return "unfinished";
    // Size 0: the box ends with the file, wherever that is.
    if (box.size === 0) return hasIndex ? "unknown" : "unfinished";
    if (box.type === "moov") {
      hasIndex = true;
      const index = await source.readAt(offset, Math.min(box.size, longestIndex));
      isFragmented ||= index.includes("mvex");
    }
    isFragmented ||= box.type === "moof";
    offset += box.size;
  }
  if (!hasIndex || offset !== source.sizeBytes) return "unfinished";
  return isFragmented ? "unknown" : "ended";
}

async function boxAt(source: Source, offset: number): Promise<{ type: string; size: number } | null> {
  const header = await source.readAt(offset, 16);
  if (header.length < 8) return null;
  const type = header.toString("latin1", 4, 8);
  const size = header.readUInt32BE(0);
  if (size !== 1) return size === 0 || size >= 8 ? { type, size } : null;
  const long = header.length < 16 ? 0 : Number(header.readBigUInt64BE(8));
  return long >= 16 ? { type, size: long } : null;
}
