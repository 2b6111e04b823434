import { open } from "node:fs/promises";
import { onDisk } from "@/scripts/recordings/file-paths";

/**
 * What a file's content says about its end. `unknown`: nothing, because the format has no end mark (MP3, GSM, raw
 * sound) or the recorder left it out. `unfinished`: the end is missing, or is not where the header says.
 */
export type RecordingEnd = "ended" | "unfinished" | "unknown";

/** A file to read at any position. */
export type Source = { sizeBytes: number; readAt: (offset: number, length: number) => Promise<Buffer> };

/**
 * Opens a file, reads from it and closes it. `sizeBytes` is its size when it was checked; nothing behind it is read.
 */
export async function withSource<Result>(
  file: string,
  sizeBytes: number,
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  const handle = await open(onDisk(file));
  try {
    return await work({
      sizeBytes,
      readAt: async (offset, length) => {
        const wanted = Math.max(0, Math.min(length, sizeBytes - offset));
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(wanted), 0, wanted, offset);
        return buffer.subarray(0, bytesRead);
      },
    });
  } finally {
    await handle.close();
  }
}
