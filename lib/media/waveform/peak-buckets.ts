import type { DecodedSound } from "./audio-decoder.ts";
import { WaveformUnavailable, type ReadyWaveform } from "./waveform-result.ts";

/** At most so many buckets per channel, whatever the length: more than any screen has pixels. */
export const MAXIMUM_BUCKETS = 4000;
const FINEST_BUCKET_MS = 10;

/**
 * Keeps the loudest sample of each stretch of time, in memory that does not grow with the length of the sound: it begins
 * with buckets of 10 ms, and whenever they are full joins them two by two and goes on with buckets twice as long.
 */
export class PeakBuckets {
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
    // A file that changes its rate or its channels on the way has no one time axis to draw.
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

  /** First frame after the bucket. Rounded from the start of the file, so that rates such as 11 025 Hz do not drift. */
  private endOf(bucket: number): number {
    return Math.max(bucket + 1, Math.round(((bucket + 1) * this.bucketMs * this.sampleRate) / 1000));
  }
}
