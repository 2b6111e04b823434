/**
 * Whether a browser plays it as it is stored. "after_header_repair": it plays once the same samples have the header of
 * a WAV in front. "needs_copy": only a transcoded copy plays; so also samples in a byte order that no WAV has.
 */
export type Plays = "everywhere" | "after_header_repair" | "needs_copy";

/** How the sound is coded: a name for people, the same in every language, and whether browsers decode it. */
export const audioCodecs = {
  pcm_u8: { name: "PCM 8 bit", plays: "everywhere" },
  pcm_s8: { name: "PCM 8 bit", plays: "needs_copy" },
  pcm_s16le: { name: "PCM 16 bit", plays: "everywhere" },
  pcm_s24le: { name: "PCM 24 bit", plays: "everywhere" },
  pcm_s32le: { name: "PCM 32 bit", plays: "everywhere" },
  pcm_s16be: { name: "PCM 16 bit", plays: "needs_copy" },
  pcm_s24be: { name: "PCM 24 bit", plays: "needs_copy" },
  pcm_s32be: { name: "PCM 32 bit", plays: "needs_copy" },
  pcm_f32le: { name: "PCM 32 bit float", plays: "everywhere" },
  pcm_f32be: { name: "PCM 32 bit float", plays: "needs_copy" },
  pcm_f64le: { name: "PCM 64 bit float", plays: "needs_copy" },
  pcm_f64be: { name: "PCM 64 bit float", plays: "needs_copy" },
  alaw: { name: "G.711 A-law", plays: "everywhere" },
  mulaw: { name: "G.711 µ-law", plays: "everywhere" },
  gsm: { name: "GSM 06.10", plays: "needs_copy" },
  /** Two GSM frames in a block of 65 bytes, as in WAV; not the 33-byte frames of `gsm`. */
  wav49: { name: "GSM 06.10 (WAV49)", plays: "needs_copy" },
  g722: { name: "G.722", plays: "needs_copy" },
  g723: { name: "G.723.1", plays: "needs_copy" },
  g726: { name: "G.726", plays: "needs_copy" },
  g728: { name: "G.728", plays: "needs_copy" },
  g729: { name: "G.729", plays: "needs_copy" },
  adpcm_ms: { name: "ADPCM (Microsoft)", plays: "needs_copy" },
  adpcm_ima: { name: "ADPCM (IMA)", plays: "needs_copy" },
  adpcm_oki: { name: "ADPCM (OKI, Dialogic)", plays: "needs_copy" },
  truespeech: { name: "TrueSpeech", plays: "needs_copy" },
  siren: { name: "Siren (G.722.1)", plays: "needs_copy" },
  amr_nb: { name: "AMR", plays: "needs_copy" },
  amr_wb: { name: "AMR-WB", plays: "needs_copy" },
  wma: { name: "WMA", plays: "needs_copy" },
  mp2: { name: "MPEG Layer II", plays: "needs_copy" },
  mp3: { name: "MP3", plays: "everywhere" },
  aac: { name: "AAC", plays: "everywhere" },
  alac: { name: "ALAC", plays: "needs_copy" },
  flac: { name: "FLAC", plays: "everywhere" },
  opus: { name: "Opus", plays: "everywhere" },
  vorbis: { name: "Vorbis", plays: "everywhere" },
  speex: { name: "Speex", plays: "needs_copy" },
  /** Of an accepted container, in a codec that this table does not have. */
  other: { name: null, plays: "needs_copy" },
} as const satisfies Record<string, { name: string | null; plays: Plays }>;

export type AudioCodec = keyof typeof audioCodecs;

/** The codec of that name, as the database keeps it; null for null and for a name that the table does not have. */
export function readAudioCodec(name: string | null): AudioCodec | null {
  return name !== null && Object.hasOwn(audioCodecs, name) ? (name as AudioCodec) : null;
}
