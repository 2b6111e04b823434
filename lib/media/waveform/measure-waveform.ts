import type { SniffedAudio } from "../sniffed-audio.ts";
import { SNIFF_HEAD_BYTES, sniffAudio } from "../sniff-audio.ts";
import type { AudioDecoder, DecodedSound } from "./audio-decoder.ts";
import { joinBytes } from "./join-bytes.ts";
import { openDecoder } from "./open-decoder.ts";
import { PeakBuckets } from "./peak-buckets.ts";
import { readDuration } from "./read-duration.ts";
import { WaveformUnavailable, unavailableWaveform, type WaveformResult } from "./waveform-result.ts";

/**
 * Decodes a file piece by piece and measures its peaks; what is decoded is forgotten at once.
 * @param maximumDurationMs longer sound ends as `too_long`.
 */
export async function measureWaveform(
  source: AsyncIterable<Uint8Array>,
  maximumDurationMs: number,
): Promise<WaveformResult> {
  try {
    const { head, all } = await readHead(source);
    const sniffed = sniffAudio(head);
    if (!sniffed) return unavailableWaveform("unsupported_codec");
    return await measureSniffed(sniffed, head, all, maximumDurationMs);
  } catch (error) {
    // The libraries throw whatever they like at a damaged file: it is the file's fault, and nobody needs the words.
    return unavailableWaveform(error instanceof WaveformUnavailable ? error.reason : "decode_error");
  }
}

async function measureSniffed(
  sniffed: SniffedAudio,
  head: Uint8Array,
  all: AsyncIterable<Uint8Array>,
  maximumDurationMs: number,
) {
  const decoder = await openDecoder(sniffed, head);
  if (!decoder) return unavailableWaveform("unsupported_codec", await readDuration(all, sniffed.contentType));
  let buckets: PeakBuckets | undefined;
  for await (const sound of decodeAll(decoder, all)) {
    if (!sound.channelData[0]?.length) continue;
    buckets ??= new PeakBuckets(sound.channelData.length, sound.sampleRate);
    buckets.add(sound);
    if (buckets.durationMs > maximumDurationMs) return unavailableWaveform("too_long");
  }
  // Read to its end without an error, and not one sample: there is nothing to hear.
  return buckets ? buckets.finish() : unavailableWaveform("decode_error", 0);
}

async function* decodeAll(decoder: AudioDecoder, source: AsyncIterable<Uint8Array>): AsyncGenerator<DecodedSound> {
  for await (const chunk of source) {
    for (let offset = 0; offset < chunk.length; offset += decoder.feedBytes) {
      yield await decoder.decode(chunk.subarray(offset, offset + decoder.feedBytes));
    }
  }
  yield await decoder.flush();
}

/** Takes the head off the source, and gives it back together with a source that begins with it again. */
async function readHead(source: AsyncIterable<Uint8Array>) {
  const iterator = source[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  while (head.length < SNIFF_HEAD_BYTES) {
    const next = await iterator.next();
    if (next.done) break;
    head = joinBytes(head, next.value);
  }
  async function* startAgain(): AsyncGenerator<Uint8Array> {
    yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  return { head, all: startAgain() };
}
