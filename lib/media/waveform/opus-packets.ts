import { OpusDecoder } from "opus-decoder";
import { viewOf } from "../byte-view.ts";
import { MAXIMUM_CHANNELS } from "./audio-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

/** Opus counts time in samples of this rate, whatever the rate of the sound. */
export const OPUS_CLOCK = 48_000;

/** libopus decodes directly to this rate. Peaks of speech do not need 48 kHz, and this takes a third of the work. */
export const OPUS_RATE = 16_000;

const CLOCK_PER_SAMPLE = OPUS_CLOCK / OPUS_RATE;

/** The library copies a packet of a channel into a buffer of this size. */
const MAXIMUM_PACKET_BYTES_PER_CHANNEL = 3840;

/** The stream's identification header (RFC 7845, section 5.1), which MP4 has too, in another byte order. */
export interface OpusHeader {
  channels: number;
  /** Samples at 48 kHz to drop at the start. */
  preSkip: number;
  /** The factor to multiply the samples with. */
  gain: number;
  mapping?: { streams: number; coupled: number; table: number[] };
}

/** Reads "OpusHead". @throws WaveformUnavailable if it cannot describe a recording. */
export function readOpusHeader(packet: Uint8Array): OpusHeader {
  if (packet.length < 19) throw new WaveformUnavailable("decode_error");
  const view = viewOf(packet);
  const channels = packet[9]!;
  const family = packet[18]!;
  if (channels === 0 || channels > MAXIMUM_CHANNELS || (family === 0 && channels > 2))
    throw new WaveformUnavailable("decode_error");
  // A gain in dB with 8 fractional bits, which players apply.
  const gain = 10 ** (view.getInt16(16, true) / 256 / 20);
  const header = { channels, preSkip: view.getUint16(10, true), gain };
  if (family === 0) return header;
  if (packet.length < 21 + channels) throw new WaveformUnavailable("decode_error");
  const table = [...packet.subarray(21, 21 + channels)];
  return { ...header, mapping: { streams: packet[19]!, coupled: packet[20]!, table } };
}

/** Decodes single Opus packets of one stream, without the samples of the pre-skip. */
export class OpusPackets {
  private readonly decoder: InstanceType<typeof OpusDecoder>;
  private readonly header: OpusHeader;
  private samplesToSkip: number;

  private constructor(decoder: InstanceType<typeof OpusDecoder>, header: OpusHeader) {
    this.decoder = decoder;
    this.header = header;
    this.samplesToSkip = Math.round(header.preSkip / CLOCK_PER_SAMPLE);
  }

  static async open(header: OpusHeader): Promise<OpusPackets> {
    const { channels, mapping } = header;
    const options = { sampleRate: OPUS_RATE, channels, preSkip: 0 } as const;
    const streams = mapping && {
      streamCount: mapping.streams,
      coupledStreamCount: mapping.coupled,
      channelMappingTable: mapping.table,
    };
    const decoder = new OpusDecoder({ ...options, ...streams });
    await decoder.ready;
    return new OpusPackets(decoder as InstanceType<typeof OpusDecoder>, header);
  }

  /** A damaged packet has no sound. */
  decode(packet: Uint8Array): Float32Array[] {
    const { channels, gain } = this.header;
    if (packet.length === 0 || packet.length > MAXIMUM_PACKET_BYTES_PER_CHANNEL * channels) return [];
    const { channelData } = this.decoder.decodeFrame(packet);
    const skipped = Math.min(this.samplesToSkip, channelData[0]?.length ?? 0);
    this.samplesToSkip -= skipped;
    const sound = channelData.slice(0, channels).map((samples) => samples.subarray(skipped));
    if (gain !== 1) for (const samples of sound) for (let i = 0; i < samples.length; i++) samples[i]! *= gain;
    return sound;
  }

  free(): void {
    this.decoder.free();
  }
}

/** Frame lengths at 48 kHz by configuration (RFC 6716, section 3.1): SILK, hybrid, CELT. */
const SILK = [480, 960, 1920, 2880];
const HYBRID = [480, 960];
const CELT = [120, 240, 480, 960];

/** The length of a packet in samples at 48 kHz, by its first bytes. */
export function opusPacketSamples(packet: Uint8Array): number {
  const first = packet[0];
  if (first === undefined) return 0;
  const config = first >> 3;
  const frame = config < 12 ? SILK[config & 3]! : config < 16 ? HYBRID[config & 1]! : CELT[config & 3]!;
  const code = first & 3;
  const frames = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 0x3f;
  return Math.min(frame * frames, 5760);
}
