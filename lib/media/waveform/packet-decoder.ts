import { FLACDecoder } from "@wasm-audio-decoders/flac";
import { OggVorbisDecoder } from "@wasm-audio-decoders/ogg-vorbis";
import { OggOpusDecoder } from "ogg-opus-decoder";
import { viewOf } from "../byte-view.ts";
import { MAXIMUM_CHANNELS, type AudioDecoder, type DecodedSound } from "./audio-decoder.ts";
import { WaveformUnavailable } from "./waveform-result.ts";

interface LibraryDecoder {
  ready: Promise<void>;
  decode(bytes: Uint8Array): Promise<DecodedSound> | DecodedSound;
  flush(): Promise<DecodedSound> | DecodedSound;
}

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
export async function openPacketDecoder(codec: keyof typeof LIBRARIES, head: Uint8Array): Promise<AudioDecoder> {
  if (channelCount(codec, head) > MAXIMUM_CHANNELS) throw new WaveformUnavailable("decode_error");
  const { feedBytes, create } = LIBRARIES[codec];
  const decoder = create();
  await decoder.ready;
  return { feedBytes, decode: (bytes) => decoder.decode(bytes), flush: () => decoder.flush() };
}

/** The channel count in the first header. FLAC has three bits for it, so at most eight. */
function channelCount(codec: keyof typeof LIBRARIES, head: Uint8Array): number {
  if (codec === "flac") return 1;
  const packet = 27 + (head[26] ?? 0);
  const offset = codec === "opus" ? packet + 9 : packet + 11;
  return offset < head.length ? viewOf(head).getUint8(offset) : 0;
}
