import type { AudioCodec } from "../../core/audio-codecs.ts";
import { viewOf, joinBytes } from "../byte-view.ts";
import type { WavFormat } from "../wav-format.ts";
import { MAXIMUM_CHANNELS, type AudioDecoder, type DecodedSound, type DecodedSounds } from "./audio-decoder.ts";
import { WavChunks } from "./wav-chunks.ts";
import { WaveformUnavailable } from "./waveform-result.ts";
import alawmulaw from "alawmulaw";

type ReadSample = (view: DataView, offset: number) => number;

const tableOf = (decodeSample: (code: number) => number) =>
  Float32Array.from({ length: 256 }, (_, code) => decodeSample(code) / 32768);

const ALAW = tableOf(alawmulaw.alaw.decodeSample);

const MULAW = tableOf(alawmulaw.mulaw.decodeSample);

const READERS: Partial<Record<AudioCodec, ReadSample>> = {
  // Eight-bit PCM is unsigned, unlike the others: silence is 128.
  pcm_u8: (view, offset) => (view.getUint8(offset) - 128) / 128,
  pcm_s16le: (view, offset) => view.getInt16(offset, true) / 32768,
  pcm_s24le: (view, offset) => ((view.getInt8(offset + 2) << 16) | view.getUint16(offset, true)) / 8388608,
  pcm_s32le: (view, offset) => view.getInt32(offset, true) / 2147483648,
  pcm_f32le: (view, offset) => view.getFloat32(offset, true),
  pcm_f64le: (view, offset) => view.getFloat64(offset, true),
  alaw: (view, offset) => ALAW[view.getUint8(offset)]!,
  mulaw: (view, offset) => MULAW[view.getUint8(offset)]!,
};

const MAXIMUM_SAMPLE_RATE = 384_000;

/** Decodes the sound of a WAV as a stream. */
export class WavDecoder implements AudioDecoder {
  readonly feedBytes = 64 * 1024;
  private readonly chunks = new WavChunks();
  private waiting: Uint8Array = new Uint8Array(0);
  private split: ((frames: Uint8Array) => Float32Array[]) | null = null;

  decode(bytes: Uint8Array): DecodedSound[] {
    const sound = this.chunks.read(bytes);
    if (!this.chunks.isAtSound) return [];
    const format = checkedFormat(this.chunks.format);
    this.split ??= sampleReader(format);
    if (!this.split) throw new WaveformUnavailable("unsupported_codec");
    const frameBytes = (format.bitsPerSample / 8) * format.channels;
    const available = joinBytes(this.waiting, sound);
    const whole = available.length - (available.length % frameBytes);
    this.waiting = available.subarray(whole);
    return [{ channelData: this.split(available.subarray(0, whole)), sampleRate: format.sampleRate }];
  }

  flush(): DecodedSound[] {
    return [];
  }
}

/** Decodes MP3 in a WAV. */
export class WavMp3Decoder implements AudioDecoder {
  readonly feedBytes: number;
  private readonly chunks = new WavChunks();
  private readonly mp3: AudioDecoder;

  constructor(mp3: AudioDecoder) {
    this.mp3 = mp3;
    this.feedBytes = mp3.feedBytes;
  }

  decode(bytes: Uint8Array): DecodedSounds {
    return this.mp3.decode(this.chunks.read(bytes));
  }

  flush(): DecodedSounds {
    return this.mp3.flush();
  }
}

function checkedFormat(format: WavFormat | null): WavFormat {
  if (!format || format.channels > MAXIMUM_CHANNELS || format.sampleRate > MAXIMUM_SAMPLE_RATE)
    throw new WaveformUnavailable("decode_error");
  return format;
}

/** Splits whole frames of interleaved samples into one array per channel. Null if the format is not supported. */
function sampleReader(format: WavFormat): ((frames: Uint8Array) => Float32Array[]) | null {
  const read = READERS[format.codec];
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
