import { hasText } from "../byte-view.ts";
import { MAXIMUM_CHANNELS, type AudioDecoder, type DecodedSound, type DecodedSounds } from "./audio-decoder.ts";
import { OggPages, type OggPage } from "./ogg-pages.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

export type OggCodec = "opus" | "vorbis" | "flac";

/** Decodes the pages of one stream. */
export interface PageDecoder {
  decode(page: OggPage): DecodedSounds;
  flush(): DecodedSounds;
  free(): void;
}

/** The first bytes of a stream's first packet. */
const SIGNATURES: Record<OggCodec, string> = { opus: "OpusHead", vorbis: "\x01vorbis", flac: "\x7fFLAC" };

const CODECS = Object.keys(SIGNATURES) as OggCodec[];

/** No recorder restarts so often in a call. Each new decoder costs memory until the next garbage collection. */
const MAXIMUM_STREAMS = 100;

/**
 * Decodes an Ogg file, whose streams can follow one another (RFC 3533, section 4). Each has headers of its own, so each
 * gets a new decoder. All must have the codec of the first.
 */
export class OggDecoder implements AudioDecoder {
  readonly feedBytes = 64 * 1024;
  private readonly codec: OggCodec;
  private readonly open: (firstPage: OggPage) => Promise<PageDecoder>;
  private readonly pages = new OggPages();
  private decoder: PageDecoder | null = null;
  private serial = 0;
  /** The number of streams so far. */
  streams = 0;

  constructor(codec: OggCodec, open: (firstPage: OggPage) => Promise<PageDecoder>) {
    this.codec = codec;
    this.open = open;
  }

  async *decode(bytes: Uint8Array): AsyncGenerator<DecodedSound> {
    for (const page of this.pages.read(bytes)) {
      const codec = page.isFirst ? codecOf(page) : undefined;
      if (codec) {
        yield* this.flush();
        await this.beginStream(codec, page);
      }
      // Pages of others, such as a Skeleton index, have another serial number.
      if (this.decoder && page.serial === this.serial && (codec === undefined || this.codec !== "opus"))
        yield* this.numbered(this.decoder.decode(page));
    }
  }

  async *flush(): AsyncGenerator<DecodedSound> {
    const { decoder } = this;
    if (!decoder) return;
    this.decoder = null;
    yield* this.numbered(decoder.flush());
    decoder.free();
  }

  private async beginStream(codec: OggCodec, page: OggPage): Promise<void> {
    if (codec !== this.codec) throw new WaveformUnavailable("unsupported_codec");
    if (vorbisChannels(page) > MAXIMUM_CHANNELS || ++this.streams > MAXIMUM_STREAMS)
      throw new WaveformUnavailable("decode_error");
    this.serial = page.serial;
    this.decoder = await this.open(page);
  }

  private async *numbered(sounds: DecodedSounds): AsyncGenerator<DecodedSound> {
    for await (const sound of sounds) yield { ...sound, stream: this.streams };
  }
}

function codecOf(page: OggPage): OggCodec | undefined {
  const packet = page.packets[0]?.bytes ?? new Uint8Array(0);
  return CODECS.find((codec) => hasText(packet, 0, SIGNATURES[codec]));
}

/** FLAC cannot have more than eight, and an Opus stream checks its own. */
function vorbisChannels({ packets }: OggPage): number {
  return hasText(packets[0]!.bytes, 0, SIGNATURES.vorbis) ? (packets[0]!.bytes[11] ?? 0) : 1;
}
