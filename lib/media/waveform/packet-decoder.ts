import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { OggOpusDecoder } from "ogg-opus-decoder";
import { hasText } from "../byte-view.ts";
import type { AudioDecoder } from "./audio-decoder.ts";
import { OggDecoder, type LibraryDecoder, type OggCodec } from "./ogg-decoder.ts";

// libopus decodes directly to this rate. Peaks of speech do not need 48 kHz, and this takes a third of the work.
const OPUS_OPTIONS: object = { sampleRate: 16_000 };

/**
 * Opus, Vorbis and FLAC: the three libraries have one interface. `feedBytes` depends on how far one byte can expand.
 */
const LIBRARIES = {
  opus: { feedBytes: 1024, create: (): LibraryDecoder => new OggOpusDecoder(OPUS_OPTIONS) },
  vorbis: { feedBytes: 1024, create: (): LibraryDecoder => new OggVorbisDecoder() },
  flac: { feedBytes: 512, create: (): LibraryDecoder => new FLACDecoder() },
} as const;

/** Opens the decoder for a file with this head. */
export async function openPacketDecoder(codec: OggCodec, head: Uint8Array): Promise<AudioDecoder> {
  const { feedBytes, create } = LIBRARIES[codec];
  if (hasText(head, 0, "OggS")) return new OggDecoder(codec, LIBRARIES[codec]);
  const decoder = create();
  await decoder.ready;
  return {
    feedBytes,
    decode: async (bytes) => [await decoder.decode(bytes)],
    flush: async () => [await decoder.flush()],
  };
}
