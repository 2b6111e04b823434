import type { DecodedSound } from "./audio-decoder.ts";
import { WaveformUnavailable, type ReadyWaveform } from "./waveform-result.ts";

/** Maximum buckets per channel, whatever the length: more than any screen has pixels. */
const MAXIMUM_BUCKETS = 4000;

const FINEST_BUCKET_MS = 10;

/**
 * Keeps the loudest sample of each time bucket, in constant memory: begins with buckets of 10 ms. When they are full,
 * merges them in pairs and continues with buckets of twice the length.
 */
export class PeakBuckets {
  private loudest: Float32Array;
  private channels: number;
  private sampleRate: number;
  private stream: number | undefined;
  private streamChannels: number;
  /** Where the present stream begins. */
  private streamStartMs = 0;
  private bucketMs = FINEST_BUCKET_MS;
  private bucket = 0;
  /** Of the present stream. */
  private frames = 0;
  private bucketEnd: number;

  constructor({ channelData, sampleRate, stream }: DecodedSound) {
    this.channels = this.streamChannels = channelData.length;
    this.sampleRate = sampleRate;
    this.stream = stream;
    this.loudest = new Float32Array(MAXIMUM_BUCKETS * this.channels);
    this.bucketEnd = this.endOf(0);
  }

  get durationMs(): number {
    return Math.round(this.exactMs);
  }

  add(sound: DecodedSound): void {
    const { channelData, sampleRate, stream } = sound;
    const length = channelData[0]?.length ?? 0;
    if (length === 0) return;
    if (stream !== this.stream) this.beginStream(sound);
    // A stream whose sample rate or channel count changes has no single time axis to draw; without a rate it has none.
    if (!(sampleRate > 0) || sampleRate !== this.sampleRate || channelData.length !== this.streamChannels)
      throw new WaveformUnavailable("decode_error");
    this.frames += sound.silenceBefore ?? 0;
    for (let from = 0; from < length;) {
      while (this.frames >= this.bucketEnd) this.openNextBucket();
      const to = Math.min(length, from + this.bucketEnd - this.frames);
      for (let channel = 0; channel < this.channels; channel++) {
        // A stream of one channel in a file of several is heard on all of them.
        const samples = channelData.length === 1 ? channelData[0] : channelData[channel];
        if (samples) this.raise(channel, samples, from, to);
      }
      this.frames += to - from;
      from = to;
    }
  }

  finish(): Omit<ReadyWaveform, "byteOffsets" | "playbackHead" | "skippedBytes" | "isJoined"> {
    const used = this.exactMs === 0 ? 0 : this.bucket + 1;
    const peaks = Uint8Array.from(this.loudest.subarray(0, used * this.channels), (peak) =>
      Math.round(Math.min(1, peak) * 255),
    );
    return { kind: "ready", channels: this.channels, durationMs: this.durationMs, bucketMs: this.bucketMs, peaks };
  }

  private get exactMs(): number {
    return this.streamStartMs + (this.frames / this.sampleRate) * 1000;
  }

  private beginStream({ channelData, sampleRate, stream }: DecodedSound): void {
    this.streamStartMs = this.exactMs;
    this.frames = 0;
    this.sampleRate = sampleRate;
    this.stream = stream;
    this.streamChannels = channelData.length;
    if (channelData.length > this.channels) this.widen(channelData.length);
    this.bucketEnd = this.endOf(this.bucket);
  }

  /** Makes room for more channels. Sound of one channel so far is then that of all of them. */
  private widen(channels: number): void {
    const before = { loudest: this.loudest, channels: this.channels };
    this.channels = channels;
    this.loudest = Float32Array.from({ length: MAXIMUM_BUCKETS * channels }, (_, slot) => {
      const channel = before.channels === 1 ? 0 : slot % channels;
      return channel < before.channels ? before.loudest[Math.floor(slot / channels) * before.channels + channel]! : 0;
    });
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

  /** First frame of the stream after the bucket, by the time from its start: rates such as 11 025 Hz do not drift. */
  private endOf(bucket: number): number {
    return Math.round((((bucket + 1) * this.bucketMs - this.streamStartMs) * this.sampleRate) / 1000);
  }
}
