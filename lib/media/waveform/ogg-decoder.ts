import { hasText, joinBytes, viewOf } from "../byte-view.ts";
import { MAXIMUM_CHANNELS, type AudioDecoder, type DecodedSound } from "./audio-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

/** One of the WebAssembly libraries. */
export interface LibraryDecoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<DecodedSound> | DecodedSound;
  flush(): Promise<DecodedSound> | DecodedSound;
  free(): void;
}

export type OggCodec = "opus" | "vorbis" | "flac";

/** The first bytes of a stream's first packet, and where it has the channel count. FLAC cannot have more than eight. */
const HEADERS: Record<OggCodec, { signature: string; channelsAt: number | null }> = {
  opus: { signature: "OpusHead", channelsAt: 9 },
  vorbis: { signature: "\x01vorbis", channelsAt: 11 },
  flac: { signature: "\x7fFLAC", channelsAt: null },
};

const CODECS = Object.keys(HEADERS) as OggCodec[];

interface StreamHeader {
  codec: OggCodec;
  channels: number;
  /** The factor to multiply the samples with. */
  gain: number;
}

const BEGINNING_OF_STREAM = 0x02;

/** The header of a page with all of its segments, and as much of the first packet as is read here. */
const FIRST_PAGE_BYTES = 27 + 255 + 19;

/** No recorder restarts so often in a call. Each new decoder costs memory until the next garbage collection. */
const MAXIMUM_STREAMS = 100;

/**
 * Decodes an Ogg file, whose streams can follow one another (RFC 3533, section 4). Each has headers of its own, so each
 * gets a new decoder: the libraries drop or garble a second stream. All must have the codec of the first.
 */
export class OggDecoder implements AudioDecoder {
  readonly feedBytes: number;
  private readonly codec: OggCodec;
  private readonly create: () => LibraryDecoder;
  private waiting: Uint8Array = new Uint8Array(0);
  private decoder: LibraryDecoder | null = null;
  private stream = 0;
  private gain = 1;

  constructor(codec: OggCodec, library: { feedBytes: number; create: () => LibraryDecoder }) {
    this.codec = codec;
    this.feedBytes = library.feedBytes;
    this.create = library.create;
  }

  decode(bytes: Uint8Array): Promise<DecodedSound[]> {
    this.waiting = joinBytes(this.waiting, bytes);
    return this.decodeWaiting(FIRST_PAGE_BYTES);
  }

  async flush(): Promise<DecodedSound[]> {
    return [...(await this.decodeWaiting(0)), ...(await this.decodePart(this.waiting)), ...(await this.endStream())];
  }

  /** Decodes all but the end, if a stream may begin there and fewer bytes than `needed` have arrived to tell. */
  private async decodeWaiting(needed: number): Promise<DecodedSound[]> {
    const sounds: DecodedSound[] = [];
    for (let from = 0; ;) {
      const start = findFirstPage(this.waiting, from);
      const page = this.waiting.subarray(start);
      const canTell = page.length > 0 && page.length >= needed;
      const header = canTell ? readStreamHeader(page) : null;
      if (canTell && !header) {
        from = start + 1;
        continue;
      }
      sounds.push(...(await this.decodePart(this.waiting.subarray(0, start))));
      this.waiting = page;
      if (!header) return sounds;
      sounds.push(...(await this.endStream()));
      await this.beginStream(header);
      from = 1;
    }
  }

  /** Drops what precedes the first stream, such as a Skeleton header. */
  private async decodePart(bytes: Uint8Array): Promise<DecodedSound[]> {
    return this.decoder && bytes.length > 0 ? [this.finishSound(await this.decoder.decode(bytes))] : [];
  }

  private async endStream(): Promise<DecodedSound[]> {
    const { decoder } = this;
    if (!decoder) return [];
    this.decoder = null;
    const sound = this.finishSound(await decoder.flush());
    decoder.free();
    return [sound];
  }

  private async beginStream({ codec, channels, gain }: StreamHeader): Promise<void> {
    if (codec !== this.codec) throw new WaveformUnavailable("unsupported_codec");
    if (channels > MAXIMUM_CHANNELS || ++this.stream > MAXIMUM_STREAMS) throw new WaveformUnavailable("decode_error");
    this.gain = gain;
    this.decoder = this.create();
    await this.decoder.ready;
  }

  private finishSound({ channelData, sampleRate }: DecodedSound): DecodedSound {
    const { gain, stream } = this;
    if (gain !== 1) for (const samples of channelData) for (let i = 0; i < samples.length; i++) samples[i]! *= gain;
    return { channelData, sampleRate, stream };
  }
}

/** Where the first page of a stream begins, or may begin at the end of the bytes; their length if nowhere. */
function findFirstPage(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0x4f, from); at >= 0; at = bytes.indexOf(0x4f, at + 1)) {
    if (bytes.length - at < 6) return at;
    if (hasText(bytes, at, "OggS\0") && (bytes[at + 5]! & BEGINNING_OF_STREAM) !== 0) return at;
  }
  return bytes.length;
}

/** Null if the stream is not one of sound. */
function readStreamHeader(page: Uint8Array): StreamHeader | null {
  const packet = page.subarray(27 + (page[26] ?? 0));
  const codec = CODECS.find((name) => hasText(packet, 0, HEADERS[name].signature));
  if (!codec) return null;
  const { channelsAt } = HEADERS[codec];
  const channels = channelsAt === null ? 1 : (packet[channelsAt] ?? 0);
  // Opus: a gain in dB with 8 fractional bits, which players apply (RFC 7845, section 5.1).
  const decibels = codec === "opus" && packet.length >= 18 ? viewOf(packet).getInt16(16, true) / 256 : 0;
  return { codec, channels, gain: 10 ** (decibels / 20) };
}
