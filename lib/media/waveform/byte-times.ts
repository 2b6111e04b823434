/** Equal parts of the duration, for which the bytes are kept. */
const PARTS = 256;

const MAXIMUM_POINTS = 4 * PARTS;

/** Where the sound is in the bytes of a file, in constant memory: halves its points when they become too many. */
export class ByteTimes {
  private points: { bytes: number; ms: number }[] = [{ bytes: 0, ms: 0 }];
  private stepMs = 0;

  /** The first `bytes` of the file hold `ms` of sound. */
  add(bytes: number, ms: number): void {
    const last = this.points.at(-1)!;
    // Headers and tags have no sound.
    if (ms === 0) last.bytes = bytes;
    else if (ms - last.ms > this.stepMs) this.points.push({ bytes, ms });
    if (this.points.length <= MAXIMUM_POINTS) return;
    this.stepMs = (2 * ms) / MAXIMUM_POINTS;
    this.points = this.points.filter((_, i) => i % 2 === 0);
  }

  /** The offset of each of 256 equal parts of the duration, and the end of the last. */
  finish(bytes: number, ms: number): number[] {
    const points = [...this.points.filter((point) => point.ms < ms && point.bytes < bytes), { bytes, ms }];
    let at = 0;
    return Array.from({ length: PARTS + 1 }, (_, part) => {
      const time = (part / PARTS) * ms;
      while (at < points.length - 2 && points[at + 1]!.ms <= time) at++;
      const from = points[at]!;
      const to = points[at + 1] ?? from;
      const share = to.ms > from.ms ? Math.min(1, (time - from.ms) / (to.ms - from.ms)) : 1;
      return Math.round(from.bytes + share * (to.bytes - from.bytes));
    });
  }
}
