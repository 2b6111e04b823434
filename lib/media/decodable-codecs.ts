import { type AcceptedAudioType, canonicalAudioType } from "../core/accepted-audio-types.ts";
import type { AudioCodec } from "../core/audio-codecs.ts";

const PCM: readonly AudioCodec[] = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le", "pcm_f64le"];

/** What the waveform job decodes, by container. */
const DECODABLE: Partial<Record<AcceptedAudioType, readonly AudioCodec[]>> = {
  "audio/wav": [...PCM, "alaw", "mulaw", "mp3"],
  "audio/mpeg": ["mp3"],
  "audio/ogg": ["opus", "vorbis", "flac"],
  "audio/flac": ["flac"],
  "audio/mp4": ["opus"],
  "audio/basic": ["alaw", "mulaw"],
  "audio/pcmu": ["mulaw"],
  "audio/pcma": ["alaw"],
  "audio/l16": ["pcm_s16le"],
};

/**
 * Whether the waveform job decodes a recording itself. The transcoder measures what it does not decode, where there
 * is one (`transcoded_waveform`).
 */
export function canDecode(contentType: AcceptedAudioType, codec: AudioCodec): boolean {
  return DECODABLE[contentType]?.includes(codec) ?? false;
}

/** Of sound that the portal decoded itself; else null. What a header or another run of ffmpeg says may be wrong. */
export function decodedDurationMs(
  { contentType, durationMs }: { contentType: string; durationMs: number | null },
  codec: AudioCodec,
): number | null {
  return canDecode(canonicalAudioType(contentType)!, codec) ? durationMs : null;
}
