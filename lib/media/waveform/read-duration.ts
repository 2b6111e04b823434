import { Readable } from "node:stream";
import { WaveformUnavailable } from "./waveform-result.ts";

/** Duration in milliseconds as the container tells it, for sound that is not decoded here; null when it does not tell. */
export async function readDuration(source: AsyncIterable<Uint8Array>, contentType: string): Promise<number | null> {
  const stream = Readable.from(source, { objectMode: false });
  try {
    const { parseStream } = await import("music-metadata");
    const { format } = await parseStream(stream, { mimeType: contentType }, { duration: true, skipCovers: true });
    return format.duration !== undefined && Number.isFinite(format.duration)
      ? Math.round(format.duration * 1000)
      : null;
  } catch (error) {
    if (error instanceof WaveformUnavailable) throw error;
    return null;
  } finally {
    stream.destroy();
  }
}
