import { hasText, joinBytes, viewOf } from "../byte-view.ts";
import { readWavFormat, type WavFormat } from "../wav-format.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

const RIFF_HEADER_BYTES = 12;

const MAXIMUM_FORMAT_BYTES = 4096;

/** The value of a 32-bit size or count that is unknown, or that is in the `ds64` chunk of an RF64 file. */
const UNKNOWN = 0xffffffff;

const HEADERS_READ: Record<string, number> = { "fmt ": MAXIMUM_FORMAT_BYTES, fact: 4, ds64: 24 };

/**
 * Reads a WAV (RIFF or RF64) as a stream: header, chunks, sound. Sizes in the header are not trusted: recorders that
 * write while they record leave 0 or a huge number there. The sound ends with its chunk or with the file, whichever is
 * first.
 */
export class WavChunks {
  format: WavFormat | null = null;
  /** Frames of the sound as the header states them; 0 if it does not. */
  statedFrames = 0;
  /** Bytes of the sound as the header states them; infinite if it does not. */
  statedBytes = Infinity;
  isAtSound = false;
  private waiting: Uint8Array = new Uint8Array(0);
  private hasRiff = false;
  private bytesToSkip = 0;
  private soundLeft = 0;
  private large = { bytes: 0, frames: 0 };

  /** Takes the next bytes of the file; returns those that belong to the sound. */
  read(bytes: Uint8Array): Uint8Array {
    this.waiting = joinBytes(this.waiting, bytes);
    while (!this.isAtSound && this.advance());
    return this.isAtSound ? this.takeSound() : new Uint8Array(0);
  }

  /** Takes one step through the container; false if it needs more bytes. */
  private advance(): boolean {
    if (this.bytesToSkip > 0) return this.skip();
    if (this.hasRiff) return this.openChunk();
    if (this.waiting.length < RIFF_HEADER_BYTES) return false;
    this.consume(RIFF_HEADER_BYTES);
    return (this.hasRiff = true);
  }

  private skip(): boolean {
    const skipped = Math.min(this.bytesToSkip, this.waiting.length);
    this.consume(skipped);
    this.bytesToSkip -= skipped;
    return this.bytesToSkip === 0;
  }

  private openChunk(): boolean {
    if (this.waiting.length < 8) return false;
    const size = viewOf(this.waiting).getUint32(4, true);
    if (hasText(this.waiting, 0, "data")) return this.openSound(size);
    const name = String.fromCharCode(...this.waiting.subarray(0, 4));
    const needed = Math.min(size, HEADERS_READ[name] ?? 0);
    if (name === "fmt " && size > MAXIMUM_FORMAT_BYTES) throw new WaveformUnavailable("decode_error");
    if (this.waiting.length < 8 + needed) return false;
    this.readHeader(name, this.waiting.subarray(8, 8 + needed));
    this.consume(8);
    // Chunks start at even offsets.
    this.bytesToSkip = size + (size % 2);
    return true;
  }

  private readHeader(name: string, body: Uint8Array): void {
    if (name === "fmt ") this.format = readWavFormat(body);
    if (name === "fact" && body.length === 4) this.statedFrames = viewOf(body).getUint32(0, true);
    if (name === "ds64" && body.length === 24) {
      const view = viewOf(body);
      this.large = { bytes: Number(view.getBigUint64(8, true)), frames: Number(view.getBigUint64(16, true)) };
    }
  }

  private openSound(size: number): boolean {
    this.consume(8);
    if (this.statedFrames === UNKNOWN) this.statedFrames = this.large.frames;
    this.statedBytes = (size === UNKNOWN ? this.large.bytes : size) || Infinity;
    this.soundLeft = this.statedBytes;
    return (this.isAtSound = true);
  }

  /** Ignores what follows the sound (tags, padding). */
  private takeSound(): Uint8Array {
    const sound = this.waiting.subarray(0, Math.min(this.waiting.length, this.soundLeft));
    this.soundLeft -= sound.length;
    this.waiting = new Uint8Array(0);
    return sound;
  }

  private consume(count: number): void {
    this.waiting = this.waiting.subarray(count);
  }
}
