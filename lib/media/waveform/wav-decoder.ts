import { hasText, viewOf, joinBytes } from "../byte-view.ts";
import { readWavFormat, type WavFormat } from "../wav-format.ts";
import { MAXIMUM_CHANNELS, noSound, type AudioDecoder, type DecodedSound } from "./audio-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";
import alawmulaw from "alawmulaw";

type ReadSample = (view: DataView, offset: number) => number;

const tableOf = (decodeSample: (code: number) => number) =>
  Float32Array.from({ length: 256 }, (_, code) => decodeSample(code) / 32768);

const ALAW = tableOf(alawmulaw.alaw.decodeSample);

const MULAW = tableOf(alawmulaw.mulaw.decodeSample);

const READERS: Record<string, ReadSample> = {
  // Eight-bit PCM is unsigned, unlike the others: silence is 128.
  "pcm-8": (view, offset) => (view.getUint8(offset) - 128) / 128,
  "pcm-16": (view, offset) => view.getInt16(offset, true) / 32768,
  "pcm-24": (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8388608,
  "pcm-32": (view, offset) => view.getInt32(offset, true) / 2147483648,
  "pcm_float-32": (view, offset) => view.getFloat32(offset, true),
  "pcm_float-64": (view, offset) => view.getFloat64(offset, true),
  "alaw-8": (view, offset) => ALAW[view.getUint8(offset)]!,
  "mulaw-8": (view, offset) => MULAW[view.getUint8(offset)]!,
};

const RIFF_HEADER_BYTES = 12;

const MAXIMUM_FORMAT_BYTES = 4096;

const MAXIMUM_SAMPLE_RATE = 384_000;

/**
 * Decodes a WAV as a stream: RIFF header, chunks, samples. Sizes in the header are not trusted: recorders that write
 * while they record leave 0 or 0xFFFFFFFF there. The sound ends with its chunk or with the file, whichever is first.
 */
export class WavDecoder implements AudioDecoder {
  readonly feedBytes = 64 * 1024;
  private waiting: Uint8Array = new Uint8Array(0);
  private step: "riff" | "chunk" | "skip" | "sound" = "riff";
  private bytesLeft = 0;
  private format: WavFormat | null = null;
  private split: ((frames: Uint8Array) => Float32Array[]) | null = null;

  decode(bytes: Uint8Array): DecodedSound {
    this.waiting = joinBytes(this.waiting, bytes);
    while (this.step !== "sound" && this.advance());
    return this.step === "sound" ? this.takeSound() : noSound;
  }

  flush(): DecodedSound {
    return noSound;
  }

  /** Takes one step through the container; false if it needs more bytes. */
  private advance(): boolean {
    if (this.step === "riff") {
      if (this.waiting.length < RIFF_HEADER_BYTES) return false;
      this.consume(RIFF_HEADER_BYTES);
      this.step = "chunk";
      return true;
    }
    return this.step === "skip" ? this.skip() : this.openChunk();
  }

  private skip(): boolean {
    const skipped = Math.min(this.bytesLeft, this.waiting.length);
    this.consume(skipped);
    this.bytesLeft -= skipped;
    if (this.bytesLeft > 0) return false;
    this.step = "chunk";
    return true;
  }

  private openChunk(): boolean {
    if (this.waiting.length < 8) return false;
    const size = viewOf(this.waiting).getUint32(4, true);
    if (hasText(this.waiting, 0, "data")) {
      this.openSound(size);
      return true;
    }
    if (hasText(this.waiting, 0, "fmt ")) {
      if (size > MAXIMUM_FORMAT_BYTES) throw new WaveformUnavailable("decode_error");
      if (this.waiting.length < 8 + size) return false;
      this.format = readWavFormat(this.waiting.subarray(8, 8 + size));
    }
    this.consume(8);
    // Chunks start at even offsets.
    this.bytesLeft = size + (size % 2);
    this.step = "skip";
    return true;
  }

  private openSound(size: number): void {
    const { format } = this;
    if (!format || format.channels > MAXIMUM_CHANNELS || format.sampleRate > MAXIMUM_SAMPLE_RATE)
      throw new WaveformUnavailable("decode_error");
    this.split = sampleReader(format);
    if (!this.split) throw new WaveformUnavailable("unsupported_codec");
    this.consume(8);
    this.bytesLeft = size === 0 || size === 0xffffffff ? Infinity : size;
    this.step = "sound";
  }

  private takeSound(): DecodedSound {
    const format = this.format!;
    const frameBytes = (format.bitsPerSample / 8) * format.channels;
    const available = Math.min(this.waiting.length, this.bytesLeft);
    const whole = available - (available % frameBytes);
    const channelData = this.split!(this.waiting.subarray(0, whole));
    this.bytesLeft -= whole;
    // Ignores what follows the sound (tags, padding).
    if (this.bytesLeft < frameBytes) this.waiting = new Uint8Array(0);
    else this.consume(whole);
    return { channelData, sampleRate: format.sampleRate };
  }

  private consume(count: number): void {
    this.waiting = this.waiting.subarray(count);
  }
}

/** Splits whole frames of interleaved samples into one array per channel. Null if the format is not supported. */
function sampleReader(format: WavFormat): ((frames: Uint8Array) => Float32Array[]) | null {
  const read = READERS[`${format.codec}-${format.bitsPerSample}`];
  if (!read) return null;
  const sampleBytes = format.bitsPerSample / 8;
  const frameBytes = sampleBytes * format.channels;
  return (frames) => {
    const view = viewOf(frames);
    const length = Math.floor(frames.length / frameBytes);
    return Array.from({ length: format.channels }, (_, channel) => {
      const samples = new Float32Array(length);
      for (let i = 0; i < length; i++) samples[i] = read(view, i * frameBytes + channel * sampleBytes);
      return samples;
    });
  };
}
