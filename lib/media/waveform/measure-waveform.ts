import type { SniffedAudio } from "../sniffed-audio.ts";
import { SNIFF_HEAD_BYTES, sniffAudio } from "../sniff-audio.ts";
import type { AudioDecoder, DecodedSound } from "./audio-decoder.ts";
import { joinBytes } from "../byte-view.ts";
import {
  WaveformUnavailable,
  unavailableWaveform,
  type WaveformResult,
  type ReadyWaveform,
} from "./waveform-result.ts";
import { Readable } from "node:stream";
import { WavChunks } from "./wav-chunks.ts";
import { WavDecoder } from "./wav-decoder.ts";

/** Maximum buckets per channel, whatever the length: more than any screen has pixels. */
const MAXIMUM_BUCKETS = 4000;

const FINEST_BUCKET_MS = 10;

/** A header that states more (25 days) is damaged; the portal keeps a duration in 32 bits. */
const LONGEST_STATED_MS = 2 ** 31 - 1;

/**
 * Keeps the loudest sample of each time bucket, in constant memory: begins with buckets of 10 ms. When they are full,
 * merges them in pairs and continues with buckets of twice the length.
 */
class PeakBuckets {
  private readonly loudest: Float32Array;
  private readonly channels: number;
  private readonly sampleRate: number;
  private bucketMs = FINEST_BUCKET_MS;
  private bucket = 0;
  private frames = 0;
  private bucketEnd: number;

  constructor(channels: number, sampleRate: number) {
    this.channels = channels;
    this.sampleRate = sampleRate;
    this.loudest = new Float32Array(MAXIMUM_BUCKETS * channels);
    this.bucketEnd = this.endOf(0);
  }

  get durationMs(): number {
    return Math.round((this.frames / this.sampleRate) * 1000);
  }

  add({ channelData, sampleRate }: DecodedSound): void {
    const length = channelData[0]?.length ?? 0;
    if (length === 0) return;
    // A file whose sample rate or channel count changes has no single time axis to draw.
    if (sampleRate !== this.sampleRate || channelData.length !== this.channels)
      throw new WaveformUnavailable("decode_error");
    for (let from = 0; from < length;) {
      if (this.frames >= this.bucketEnd) this.openNextBucket();
      const to = Math.min(length, from + this.bucketEnd - this.frames);
      for (let channel = 0; channel < this.channels; channel++) this.raise(channel, channelData[channel]!, from, to);
      this.frames += to - from;
      from = to;
    }
  }

  finish(): ReadyWaveform {
    const used = this.frames === 0 ? 0 : this.bucket + 1;
    const peaks = Uint8Array.from(this.loudest.subarray(0, used * this.channels), (peak) =>
      Math.round(Math.min(1, peak) * 255),
    );
    return { kind: "ready", channels: this.channels, durationMs: this.durationMs, bucketMs: this.bucketMs, peaks };
  }

  private raise(channel: number, samples: Float32Array, from: number, to: number): void {
    const slot = this.bucket * this.channels + channel;
    let peak = this.loudest[slot]!;
    for (let i = from; i < to; i++) {
      const size = Math.abs(samples[i]!);
      if (size > peak) peak = size;
    }
    this.loudest[slot] = peak;
  }

  private openNextBucket(): void {
    if (this.bucket + 1 === MAXIMUM_BUCKETS) this.joinPairs();
    this.bucket++;
    this.bucketEnd = this.endOf(this.bucket);
  }

  private joinPairs(): void {
    const { loudest, channels } = this;
    for (let slot = 0; slot < loudest.length; slot++) {
      const pair = Math.floor(slot / channels) * 2 * channels + (slot % channels);
      loudest[slot] = pair < loudest.length ? Math.max(loudest[pair]!, loudest[pair + channels]!) : 0;
    }
    this.bucketMs *= 2;
    this.bucket = MAXIMUM_BUCKETS / 2 - 1;
  }

  /** First frame after the bucket, counted from the start of the file, so that rates such as 11 025 Hz do not drift. */
  private endOf(bucket: number): number {
    return Math.max(bucket + 1, Math.round(((bucket + 1) * this.bucketMs * this.sampleRate) / 1000));
  }
}

/**
 * Decodes a file piece by piece and measures its peaks. Discards decoded sound at once.
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
    // The libraries throw arbitrary errors for a damaged file. The file is at fault, so their messages are dropped.
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
  // Read to the end without an error and without a sample: the file has no sound.
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

/** Reads the head of the source. Returns it with a source that starts with the head again. */
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

/** Duration in milliseconds of audio that is not decoded here; null if unknown. */
async function readDuration(source: AsyncIterable<Uint8Array>, contentType: string): Promise<number | null> {
  const seconds = contentType === "audio/wav" ? await readWavSeconds(source) : await readSeconds(source, contentType);
  const durationMs = seconds === null ? NaN : Math.round(seconds * 1000);
  return durationMs <= LONGEST_STATED_MS ? durationMs : null;
}

/** As the `fact` chunk states it, if the sound is as long as the header says and can hold it; otherwise by its bytes. */
async function readWavSeconds(source: AsyncIterable<Uint8Array>): Promise<number | null> {
  const chunks = new WavChunks();
  let soundBytes = 0;
  for await (const bytes of source) soundBytes += chunks.read(bytes).length;
  const { format, statedFrames, statedBytes } = chunks;
  if (!format || format.framesPerByte === 0) return null;
  const heldFrames = soundBytes * format.framesPerByte;
  const isStated = soundBytes === statedBytes && statedFrames > 0 && statedFrames <= heldFrames;
  return (isStated ? statedFrames : heldFrames) / format.sampleRate;
}

/** As the container states it. */
async function readSeconds(source: AsyncIterable<Uint8Array>, contentType: string): Promise<number | null> {
  const stream = Readable.from(source, { objectMode: false });
  try {
    const { parseStream } = await import("music-metadata");
    const { format } = await parseStream(stream, { mimeType: contentType }, { duration: true, skipCovers: true });
    return format.duration ?? null;
  } catch (error) {
    if (error instanceof WaveformUnavailable) throw error;
    return null;
  } finally {
    stream.destroy();
  }
}

/** The decoder for a sniffed format, or null if this product has none. Loads libraries on demand. */
async function openDecoder({ codec }: SniffedAudio, head: Uint8Array): Promise<AudioDecoder | null> {
  switch (codec) {
    case "pcm":
    case "pcm_float":
    case "alaw":
    case "mulaw":
      return new WavDecoder();
    case "mp3":
      return (await import("./mp3-decoder.ts")).Mp3Decoder.open(head);
    case "opus":
    case "vorbis":
    case "flac":
      return (await import("./packet-decoder.ts")).openPacketDecoder(codec, head);
    default:
      return null;
  }
}
