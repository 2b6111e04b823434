import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { hasText } from "../byte-view.ts";
import type { AudioDecoder, DecodedSound } from "./audio-decoder.ts";
import { FlacDecoder, type BytesDecoder } from "./flac-decoder.ts";
import { OggDecoder, type OggCodec, type PageDecoder } from "./ogg-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";
import { OpusStream } from "./opus-stream.ts";

/** One of the WebAssembly libraries. */
interface LibraryDecoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<DecodedSound> | DecodedSound;
  flush(): Promise<DecodedSound> | DecodedSound;
  free(): void;
}

/** `feedBytes` depends on how far one byte can expand. */
const LIBRARIES = {
  vorbis: { feedBytes: 1024, create: (): LibraryDecoder => new OggVorbisDecoder() },
  flac: { feedBytes: 512, create: (): LibraryDecoder => new FLACDecoder() },
} as const;

/** Opens the decoder of Opus, Vorbis or FLAC for a file with this head. */
export async function openPacketDecoder(codec: OggCodec, head: Uint8Array): Promise<AudioDecoder> {
  if (codec === "opus") return new OggDecoder(codec, (firstPage) => OpusStream.open(firstPage));
  if (hasText(head, 0, "OggS")) return new OggDecoder(codec, () => openPages(codec));
  if (codec !== "flac") throw new WaveformUnavailable("unsupported_codec");
  return new FlacDecoder(() => openLibrary(codec));
}

async function openPages(codec: "vorbis" | "flac"): Promise<PageDecoder> {
  const { decode, ...others } = await openLibrary(codec);
  return { ...others, decode: ({ bytes }) => decode(bytes) };
}

async function openLibrary(codec: "vorbis" | "flac"): Promise<BytesDecoder> {
  const { feedBytes, create } = LIBRARIES[codec];
  const decoder = create();
  await decoder.ready;
  return {
    decode: (bytes) => inParts(decoder, bytes, feedBytes),
    flush: () => rest(decoder),
    free: () => decoder.free(),
  };
}

async function* inParts(decoder: LibraryDecoder, bytes: Uint8Array, size: number): AsyncGenerator<DecodedSound> {
  for (let from = 0; from < bytes.length; from += size) {
    const { channelData, sampleRate } = await decoder.decode(bytes.subarray(from, from + size));
    yield { channelData, sampleRate };
  }
}

async function* rest(decoder: LibraryDecoder): AsyncGenerator<DecodedSound> {
  const { channelData, sampleRate } = await decoder.flush();
  yield { channelData, sampleRate };
}
