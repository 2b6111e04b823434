/** A file to sniff: its first bytes, and a way to read more of it. */
export interface AudioSource {
  /** The first `SNIFF_HEAD_BYTES`, or all of a smaller file. */
  head: Uint8Array;
  /** Null if unknown: of a stream. */
  sizeBytes: number | null;
  /** Reads from a byte on; fewer bytes at the end of the file. Null: only the head can be read. */
  read: ((start: number, count: number) => Promise<Uint8Array>) | null;
}

/** How many bytes from the start of the file `sniffAudio` takes at once; all of them if the file is shorter. */
export const SNIFF_HEAD_BYTES = 64 * 1024;

const READ_BYTES = 16 * 1024;

/** Each read is a request to the store. The index of an MP4 needs one or two; only a hostile file needs more. */
const MAXIMUM_READS = 20;

/** Reads parts of a file: from its head if they lie there, else by a bounded number of small reads. */
export class AudioFile {
  readonly head: Uint8Array;
  readonly sizeBytes: number | null;
  private readonly read: AudioSource["read"];
  private window = { start: 0, bytes: new Uint8Array(0) as Uint8Array };
  private reads = 0;

  constructor({ head, sizeBytes, read }: AudioSource) {
    this.head = head.subarray(0, SNIFF_HEAD_BYTES);
    this.sizeBytes = sizeBytes ?? (head.length < SNIFF_HEAD_BYTES ? head.length : null);
    this.read = read;
  }

  /** Whether bytes from here on can be read, or are known not to exist. */
  reaches(offset: number): boolean {
    return this.read !== null || offset <= this.head.length || (this.sizeBytes !== null && offset >= this.sizeBytes);
  }

  /** The bytes from `start`; fewer than `count` where the file ends, or where no more may be read. */
  async bytes(start: number, count: number): Promise<Uint8Array> {
    const end = Math.min(start + count, this.sizeBytes ?? Infinity);
    if (end <= this.head.length) return this.head.subarray(start, end);
    const { window } = this;
    if (start >= window.start && end <= window.start + window.bytes.length)
      return window.bytes.subarray(start - window.start, end - window.start);
    if (start >= end) return new Uint8Array(0);
    if (!this.read || this.reads === MAXIMUM_READS) return this.head.subarray(start, end);
    this.reads += 1;
    const wanted = Math.min(Math.max(count, READ_BYTES), (this.sizeBytes ?? Infinity) - start);
    this.window = { start, bytes: await this.read(start, wanted) };
    return this.window.bytes.subarray(0, end - start);
  }
}
