import { hasText, joinBytes } from "../byte-view.ts";
import type { AudioDecoder, DecodedSound, DecodedSounds } from "./audio-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

/** Decodes the bytes of one file. */
export interface BytesDecoder {
  decode(bytes: Uint8Array): DecodedSounds;
  flush(): DecodedSounds;
  free(): void;
}

/** "fLaC" and the header of the STREAMINFO block, which is always the first and has 34 bytes (RFC 9639, section 8). */
const HEAD_BYTES = 8;

/** No recorder restarts so often in a call. */
const MAXIMUM_FILES = 100;

/** Decodes FLAC, also several files one behind the other: each has a head, and so a decoder, of its own. */
export class FlacDecoder implements AudioDecoder {
  readonly feedBytes = 8 * 1024;
  private readonly open: () => Promise<BytesDecoder>;
  private decoder: BytesDecoder | null = null;
  /** The end of the last piece, in which a head may begin. */
  private waiting: Uint8Array = new Uint8Array(0);
  /** The number of files so far. */
  streams = 0;

  constructor(open: () => Promise<BytesDecoder>) {
    this.open = open;
  }

  async *decode(piece: Uint8Array): AsyncGenerator<DecodedSound> {
    let bytes = joinBytes(this.waiting, piece);
    for (let head = findHead(bytes); head !== null; head = findHead(bytes)) {
      yield* this.give(bytes.subarray(0, head));
      yield* this.end();
      if (++this.streams > MAXIMUM_FILES) throw new WaveformUnavailable("decode_error");
      this.decoder = await this.open();
      yield* this.give(bytes.subarray(head, head + HEAD_BYTES));
      bytes = bytes.subarray(head + HEAD_BYTES);
    }
    const searched = Math.max(0, bytes.length - HEAD_BYTES + 1);
    yield* this.give(bytes.subarray(0, searched));
    this.waiting = bytes.slice(searched);
  }

  async *flush(): AsyncGenerator<DecodedSound> {
    yield* this.give(this.waiting);
    yield* this.end();
  }

  private async *give(bytes: Uint8Array): AsyncGenerator<DecodedSound> {
    if (this.decoder && bytes.length > 0) yield* this.numbered(this.decoder.decode(bytes));
  }

  private async *end(): AsyncGenerator<DecodedSound> {
    const { decoder } = this;
    if (!decoder) return;
    this.decoder = null;
    yield* this.numbered(decoder.flush());
    decoder.free();
  }

  private async *numbered(sounds: DecodedSounds): AsyncGenerator<DecodedSound> {
    for await (const sound of sounds) yield { ...sound, stream: this.streams };
  }
}

function findHead(bytes: Uint8Array): number | null {
  for (let at = bytes.indexOf(0x66); at >= 0 && at + HEAD_BYTES <= bytes.length; at = bytes.indexOf(0x66, at + 1))
    if (hasText(bytes, at, "fLaC") && (bytes[at + 4]! & 0x7f) === 0 && hasText(bytes, at + 5, "\0\0\x22")) return at;
  return null;
}
