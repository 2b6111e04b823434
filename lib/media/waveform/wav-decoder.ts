import { hasText, viewOf } from "../byte-view.ts";
import { readWavFormat, type WavFormat } from "../wav-format.ts";
import { MAXIMUM_CHANNELS, noSound, type AudioDecoder, type DecodedSound } from "./audio-decoder.ts";
import { joinBytes } from "./join-bytes.ts";
import { sampleReader } from "./pcm-samples.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

const RIFF_HEADER_BYTES = 12;
const MAXIMUM_FORMAT_BYTES = 4096;
const MAXIMUM_SAMPLE_RATE = 384_000;

/**
 * Reads a WAV as a stream: RIFF header, chunks, samples. Sizes are claims, not facts: recorders that write while they record
 * leave 0 or 0xFFFFFFFF in the header, so the sound goes on until its chunk ends or the file does, whichever comes first.
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

  /** One step through the container; false when more bytes are needed for it. */
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
    // Chunks begin at even offsets.
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
    // What follows the sound (tags, padding) is not for us.
    if (this.bytesLeft < frameBytes) this.waiting = new Uint8Array(0);
    else this.consume(whole);
    return { channelData, sampleRate: format.sampleRate };
  }

  private consume(count: number): void {
    this.waiting = this.waiting.subarray(count);
  }
}
