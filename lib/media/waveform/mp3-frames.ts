import { joinBytes, hasText, viewOf } from "../byte-view.ts";
import { findFirstMp3Frame, readId3Tag, readMp3Frame, type Mp3Frame } from "../mp3-frame.ts";

/** The largest frame has 1441 bytes; two of them tell a frame from an accident. */
const ENOUGH_BYTES = 4096;

/** Half a day of the shortest frames. */
const MAXIMUM_FRAMES = 2_000_000;

/** Frames that follow one another without a gap. */
export interface FrameRun {
  /** In the file. */
  offset: number;
  frames: number;
}

/** Finds the frames of an MP3 in its bytes as they arrive. */
export class Mp3Frames {
  readonly runs: FrameRun[] = [];
  /** Whether all frames have one bit rate, so that time and bytes are in proportion. */
  isConstant = true;
  /** False if the frames have no common time axis, or are too many. */
  isUsable = true;
  first: Mp3Frame | null = null;
  /** Samples to drop at the start and at the end, by the encoder's own tag. */
  delay = 0;
  padding = 0;
  count = 0;
  private sizesGrown = new Uint16Array(1024);
  private waiting: Uint8Array = new Uint8Array(0);
  /** Of `waiting`, in the file. */
  private offset: number;
  /** The rest of a tag that is longer than what has arrived. */
  private toSkip = 0;
  private bitrate: number | null = null;
  private runEnd = -1;

  constructor(tagBytes: number) {
    this.offset = tagBytes;
  }

  get sizes(): Uint16Array {
    return this.sizesGrown.subarray(0, this.count);
  }

  get samplesPerFrame(): number {
    return (this.first?.sampleRate ?? 0) >= 32_000 ? 1152 : 576;
  }

  /** Takes the next bytes after the first tag. */
  add(bytes: Uint8Array): void {
    if (!this.isUsable) return;
    this.waiting = joinBytes(this.waiting, bytes);
    this.advance(ENOUGH_BYTES);
  }

  /** The file ends here. A last frame that it cuts off does not count. */
  end(): void {
    if (this.isUsable) this.advance(4);
  }

  private advance(needed: number): void {
    let at = Math.min(this.toSkip, this.waiting.length);
    this.toSkip -= at;
    while (this.isUsable && this.waiting.length - at >= needed) at += this.step(at);
    const taken = Math.min(at, this.waiting.length);
    this.toSkip += at - taken;
    this.waiting = this.waiting.slice(taken);
    this.offset += taken;
  }

  /** Takes one frame, or passes over what is none; returns its bytes. */
  private step(at: number): number {
    const tag = readId3Tag(this.waiting.subarray(at, at + 16));
    if (tag) return tag.size;
    const isContinuous = this.offset + at === this.runEnd;
    const frame = isContinuous ? readMp3Frame(this.waiting, at) : findFirstMp3Frame(this.waiting.subarray(at), 0);
    if (!frame || at + frame.sizeBytes > this.waiting.length) return isContinuous ? 1 : this.passOver(at);
    const start = isContinuous ? at : at + frame.offset;
    if (!this.first && this.readInfoFrame(start, frame)) return start - at + frame.sizeBytes;
    this.take(start, frame);
    return start - at + frame.sizeBytes;
  }

  /** To the next byte that may begin a frame. */
  private passOver(at: number): number {
    const next = this.waiting.indexOf(0xff, at + 1);
    return (next < 0 ? this.waiting.length : next) - at;
  }

  private take(start: number, frame: Mp3Frame): void {
    this.first ??= frame;
    const bitrate = this.waiting[start + 2]! >> 4;
    this.bitrate ??= bitrate;
    if (bitrate !== this.bitrate) this.isConstant = false;
    if (frame.sampleRate !== this.first.sampleRate || this.count === MAXIMUM_FRAMES) this.isUsable = false;
    const offset = this.offset + start;
    if (offset !== this.runEnd) this.runs.push({ offset, frames: 0 });
    this.runs.at(-1)!.frames += 1;
    this.runEnd = offset + frame.sizeBytes;
    if (this.count === this.sizesGrown.length) this.grow();
    this.sizesGrown[this.count++] = frame.sizeBytes;
  }

  private grow(): void {
    const grown = new Uint16Array(this.count * 2);
    grown.set(this.sizesGrown);
    this.sizesGrown = grown;
  }

  /** Whether the first frame has no sound: the tag of an encoder ("Xing", "Info"), perhaps with LAME's delays. */
  private readInfoFrame(start: number, frame: Mp3Frame): boolean {
    const bytes = this.waiting.subarray(start, start + frame.sizeBytes);
    const isMpeg1 = frame.sampleRate >= 32_000;
    const at = 4 + (isMpeg1 ? (frame.channels === 2 ? 32 : 17) : frame.channels === 2 ? 17 : 9);
    if (hasText(bytes, 36, "VBRI")) return true;
    if (!hasText(bytes, at, "Xing") && !hasText(bytes, at, "Info")) return false;
    const flags = viewOf(bytes).getUint32(at + 4);
    const tag = at + 8 + (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0) + (flags & 4 ? 100 : 0) + (flags & 8 ? 4 : 0);
    const delays = bytes.subarray(tag + 21, tag + 24);
    if (delays.length === 3 && bytes[tag] !== 0) {
      this.delay = (delays[0]! << 4) | (delays[1]! >> 4);
      this.padding = ((delays[1]! & 15) << 8) | delays[2]!;
    }
    return true;
  }
}
