import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";
import { isOriginal } from "@/scripts/recordings/original-names";

/** Encoders add up to some frames of silence; a second part after a pause is as long only by chance. */
const sameLengthMs = 1000;

/** GSM without a container: frames of 33 bytes and 20 ms. */
const gsmFrame = { bytes: 33, ms: 20 };

/**
 * How long the sound of a file is, in milliseconds, as the file says. Null: it cannot be read, or its header says more
 * than the file has.
 */
export async function soundLength(file: string): Promise<number | null> {
  const size = (await stat(onDisk(file)).catch(() => null))?.size ?? 0;
  if (size === 0) return null;
  if (path.extname(file) === ".gsm") return Math.floor(size / gsmFrame.bytes) * gsmFrame.ms;
  const stream = createReadStream(onDisk(file));
  try {
    const { parseStream } = await import("music-metadata");
    const { format } = await parseStream(stream, { size }, { duration: true, skipCovers: true });
    const { duration = 0, bitrate = 0 } = format;
    const saysMore = isOriginal(file) && (duration * bitrate) / 8 > size * 1.01;
    return duration > 0 && !saysMore ? Math.round(duration * 1000) : null;
  } catch {
    return null;
  } finally {
    stream.destroy();
  }
}

/** Whether two files may be of the same sound: true also if a length is unknown. */
export const mayBeSameSound = (left: number | null, right: number | null) =>
  left === null || right === null || Math.abs(left - right) <= sameLengthMs;
