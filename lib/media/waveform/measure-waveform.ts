import type { SniffedAudio } from "../sniffed-audio.ts";
import { canDecode } from "../decodable-codecs.ts";
import { SNIFF_HEAD_BYTES, sniffAudio } from "../sniff-audio.ts";
import type { AudioDecoder, DecodedSounds } from "./audio-decoder.ts";
import { joinBytes } from "../byte-view.ts";
import { ByteTimes } from "./byte-times.ts";
import { WaveformUnavailable, unavailableWaveform, type SoundLimits, type WaveformResult } from "./waveform-result.ts";
import { PeakBuckets } from "./peak-buckets.ts";
import type { SeekableFile } from "./positioned-reader.ts";
import { Readable } from "node:stream";
import { WavChunks } from "./wav-chunks.ts";
import { soundWithoutWavHeader, wavHeader, wavHeadOf, type WavHead } from "./wav-head.ts";
import { WavDecoder, WavMp3Decoder } from "./wav-decoder.ts";

/** A header that states more (25 days) is damaged; the portal keeps a duration in 32 bits. */
const LONGEST_STATED_MS = 2 ** 31 - 1;

/**
 * Decodes a file piece by piece and measures its peaks. Discards decoded sound at once.
 * @param limits more sound ends as `too_long` or `too_dense`.
 */
export async function measureWaveform(file: SeekableFile, limits: SoundLimits): Promise<WaveformResult> {
  try {
    const { head, all } = await readHead(file.read(0));
    const sniffed = await sniffAudio({ head, sizeBytes: null, read: null }, file.declaredType);
    if (typeof sniffed === "string") return unavailableWaveform("unsupported_codec");
    if (["audio/mp4", "audio/3gpp", "audio/3gpp2"].includes(sniffed.contentType)) return await measureMp4(file, limits);
    return await measureSniffed(sniffed, head, all, limits);
  } catch (error) {
    // The libraries throw arbitrary errors for a damaged file. The file is at fault, so their messages are dropped.
    return unavailableWaveform(error instanceof WaveformUnavailable ? error.reason : "decode_error");
  }
}

async function measureSniffed(
  sniffed: SniffedAudio,
  head: Uint8Array,
  all: AsyncIterable<Uint8Array>,
  limits: SoundLimits,
) {
  const soundOffset = soundWithoutWavHeader(sniffed, head);
  const decoder: AudioDecoder | null = soundOffset === null ? await openDecoder(sniffed, head) : new WavDecoder();
  if (!decoder) return unavailableWaveform("unsupported_codec", await readDuration(all, sniffed.contentType));
  const peaks = new Peaks(limits);
  const times = new ByteTimes();
  let fedBytes = 0;
  // With a size of 0 the decoder reads to the end of the file.
  const soundBytes = sniffed.wav?.statedBytes ?? 0;
  const replaced =
    soundOffset === null ? null : { bytes: wavHeader(sniffed, soundBytes, 0), skippedBytes: soundOffset };
  for await (const { bytes, sounds } of pieces(decoder, all, replaced)) {
    await peaks.addAll(sounds);
    fedBytes += bytes;
    times.add(fedBytes, peaks.buckets?.durationMs ?? 0);
  }
  // Read to the end without an error and without a sample: the file has no sound.
  if (!peaks.buckets) return unavailableWaveform("decode_error", 0);
  const waveform = peaks.buckets.finish();
  const byteOffsets = times.finish(fedBytes, waveform.durationMs);
  const ownHead = decoder.playbackHead?.() ?? null;
  const wavHead = wavHeadOf(sniffed, head, fedBytes);
  const [playbackHead, skippedBytes] = wavHead ? [wavHead.bytes, wavHead.skippedBytes] : [ownHead, 0];
  return { ...waveform, byteOffsets, playbackHead, skippedBytes, isJoined: (decoder.streams ?? 1) > 1 };
}

/** Without byte offsets: an MP4 may hold its sound in any order. */
async function measureMp4(file: SeekableFile, limits: SoundLimits): Promise<WaveformResult> {
  const { openMp4Track } = await import("./mp4-track.ts");
  const { durationMs, sounds } = await openMp4Track(file);
  if (!sounds) return unavailableWaveform("unsupported_codec", storable(durationMs));
  const peaks = new Peaks(limits);
  await peaks.addAll(sounds);
  if (!peaks.buckets) return unavailableWaveform("decode_error", 0);
  const waveform = peaks.buckets.finish();
  // The last packet is padded.
  return {
    ...waveform,
    durationMs: storable(durationMs) ?? waveform.durationMs,
    byteOffsets: null,
    playbackHead: null,
    skippedBytes: 0,
    isJoined: false,
  };
}

class Peaks {
  buckets: PeakBuckets | undefined;
  private samples = 0;
  private readonly limits: SoundLimits;

  constructor(limits: SoundLimits) {
    this.limits = limits;
  }

  /** @throws WaveformUnavailable `too_long`, `too_dense` */
  async addAll(sounds: DecodedSounds): Promise<void> {
    for await (const sound of sounds) {
      const length = sound.channelData[0]?.length ?? 0;
      if (length === 0) continue;
      this.samples += length * sound.channelData.length;
      if (this.samples > this.limits.maximumSamples) throw new WaveformUnavailable("too_dense");
      this.buckets ??= new PeakBuckets(sound);
      this.buckets.add(sound);
      if (this.buckets.durationMs > this.limits.maximumDurationMs) throw new WaveformUnavailable("too_long");
    }
  }
}

/** Null for a length that no recording has: a header may state any number. */
const storable = (durationMs: number | null) =>
  durationMs !== null && durationMs >= 0 && durationMs <= LONGEST_STATED_MS ? durationMs : null;

/** Gives the decoder one piece after the other, and then the end; first a header in place of the file's own. */
async function* pieces(decoder: AudioDecoder, source: AsyncIterable<Uint8Array>, replaced: WavHead | null) {
  let skip = replaced?.skippedBytes ?? 0;
  if (replaced) yield { bytes: skip, sounds: decoder.decode(replaced.bytes) };
  for await (const whole of source) {
    const chunk = whole.subarray(skip);
    skip = Math.max(0, skip - whole.length);
    for (let offset = 0; offset < chunk.length; offset += decoder.feedBytes) {
      const piece = chunk.subarray(offset, offset + decoder.feedBytes);
      yield { bytes: piece.length, sounds: decoder.decode(piece) };
    }
  }
  yield { bytes: 0, sounds: decoder.flush() };
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
  return seconds === null ? null : storable(Math.round(seconds * 1000));
}

/**
 * By the `fact` chunk, if the sound is as long as the header says and can have so many frames: it leaves out a part of
 * the last block at most, or, where the byte rate is an average, less than half. Otherwise by its bytes.
 */
async function readWavSeconds(source: AsyncIterable<Uint8Array>): Promise<number | null> {
  const chunks = new WavChunks();
  let soundBytes = 0;
  for await (const bytes of source) soundBytes += chunks.read(bytes).length;
  const { format, statedFrames, statedBytes } = chunks;
  if (!format || format.framesPerByte === 0) return null;
  const heldFrames = soundBytes * format.framesPerByte;
  const leastFrames = heldFrames - (format.blockFrames || heldFrames / 2);
  const isStated = soundBytes === statedBytes && statedFrames > leastFrames && statedFrames <= heldFrames;
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
async function openDecoder({ contentType, codec }: SniffedAudio, head: Uint8Array): Promise<AudioDecoder | null> {
  if (!canDecode(contentType, codec)) return null;
  if (contentType === "audio/wav" && codec === "mp3")
    return new WavMp3Decoder(await (await import("./mp3-decoder.ts")).Mp3Decoder.open(new Uint8Array(0)));
  if (contentType === "audio/wav") return new WavDecoder();
  switch (codec) {
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
