import { WaveformUnavailable } from "./waveform-result.ts";

/** A file that can be read from any byte. */
export interface SeekableFile {
  sizeBytes: number;
  /** Its content type as it was declared: it alone says what sound without a header is. */
  declaredType?: string;
  /** The bytes from an offset to the end. Earlier iterations must not be continued. */
  read(from: number): AsyncIterable<Uint8Array>;
}

/** Reading on costs less than asking a store again. */
const READ_ON_BYTES = 1024 * 1024;

/** An index of a recording of a day fits; a file that claims more is damaged. */
const MAXIMUM_READ_BYTES = 32 * 1024 * 1024;

const MAXIMUM_JUMPS = 1000;

/** Reads ranges of a file: on from the last one where that is near, else from the store again. */
export class PositionedReader {
  private readonly file: SeekableFile;
  private iterator: AsyncIterator<Uint8Array> | null = null;
  private rest: Uint8Array = new Uint8Array(0);
  /** Of `rest`, in the file. */
  private position = 0;
  private jumps = 0;

  constructor(file: SeekableFile) {
    this.file = file;
  }

  /** @throws WaveformUnavailable for more bytes than a recording needs, or than there are. */
  async read(start: number, end: number): Promise<Uint8Array> {
    if (end - start > MAXIMUM_READ_BYTES) throw new WaveformUnavailable("decode_error");
    if (!this.iterator || start < this.position || start > this.position + READ_ON_BYTES) this.jump(start);
    await this.discard(start - this.position);
    const bytes = new Uint8Array(end - start);
    for (let filled = 0; filled < bytes.length;) {
      await this.fill();
      const part = this.rest.subarray(0, bytes.length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.advance(part.length);
    }
    return bytes;
  }

  private jump(start: number): void {
    if (++this.jumps > MAXIMUM_JUMPS) throw new WaveformUnavailable("decode_error");
    this.iterator = this.file.read(start)[Symbol.asyncIterator]();
    this.rest = new Uint8Array(0);
    this.position = start;
  }

  private async discard(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      await this.fill();
      const part = Math.min(left, this.rest.length);
      this.advance(part);
      left -= part;
    }
  }

  private async fill(): Promise<void> {
    while (this.rest.length === 0) {
      const next = await this.iterator!.next();
      if (next.done) throw new WaveformUnavailable("decode_error");
      this.rest = next.value;
    }
  }

  private advance(count: number): void {
    this.rest = this.rest.subarray(count);
    this.position += count;
  }
}
