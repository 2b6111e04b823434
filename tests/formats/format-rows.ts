import type { AcceptedAudioType } from "@/lib/core/accepted-audio-types";
import type { AudioCodec } from "@/lib/core/audio-codecs";

export const browsers = ["chromium", "firefox", "webkitgtk"] as const;

export type BrowserName = (typeof browsers)[number];

/** How a file is made: by ffmpeg with these options, or from another row's file. */
export type Recipe =
  | { ffmpeg: string; rate?: number; uneven?: true }
  /** By SoX, from a WAV of this rate. */
  | { sox: string; rate: number }
  /** From tests/fixtures/formats: no program of Debian's main section writes it. */
  | { fixture: string }
  /** The file of another row in another container, its sound untouched. */
  | { copyOf: string }
  /** The file of another row, twice, one behind the other. */
  | { twice: string }
  /** The file of another row with 0 in place of its sizes. */
  | { withoutSizes: string };

export type FormatRow = {
  /** Its extension declares the type, as in the upload commands, unless `declared` does. */
  file: string;
  declared?: string;
  what: string;
  /** What the portal detects. */
  contentType: AcceptedAudioType;
  codec: AudioCodec;
  made: Recipe;
  /** The portal serves its sound behind another header, though its type and codec do not ask for one. */
  isRepaired?: true;
  /** Several files one behind the other: browsers play the first, so it gets a copy. */
  isJoined?: true;
};

const wav = (
  file: string,
  what: string,
  codec: AudioCodec,
  made: Recipe,
  rest: Partial<FormatRow> = {},
): FormatRow => ({
  file,
  what,
  contentType: "audio/wav",
  codec,
  made,
  ...rest,
});

const mp4 = (file: string, what: string, codec: AudioCodec, ffmpeg: string, rate = 16_000): FormatRow => ({
  file,
  what,
  contentType: "audio/mp4",
  codec,
  made: { ffmpeg, rate },
});

const au = (file: string, what: string, codec: AudioCodec): FormatRow => ({
  file,
  what,
  contentType: "audio/basic",
  codec,
  made: { ffmpeg: `-c:a pcm_${codec.replace(/^pcm_/, "")}` },
});

const fragmented = "-movflags frag_keyframe+empty_moov+default_base_moof";

/** Every format that the portal accepts, each as a recorder may write it. `docs/formats.md` has the same rows. */
export const formatRows: readonly FormatRow[] = [
  wav("pcm-u8.wav", "WAV, PCM 8 bit", "pcm_u8", { ffmpeg: "-c:a pcm_u8" }),
  wav("pcm-s16.wav", "WAV, PCM 16 bit", "pcm_s16le", { ffmpeg: "-c:a pcm_s16le" }),
  wav("pcm-s16.wav16", "WAV, PCM 16 bit at 16 kHz (Asterisk)", "pcm_s16le", {
    ffmpeg: "-c:a pcm_s16le -f wav",
    rate: 16_000,
  }),
  wav("pcm-s24.wav", "WAV, PCM 24 bit", "pcm_s24le", { ffmpeg: "-c:a pcm_s24le" }),
  wav("pcm-s32.wav", "WAV, PCM 32 bit", "pcm_s32le", { ffmpeg: "-c:a pcm_s32le" }),
  wav("pcm-f32.wav", "WAV, float 32 bit", "pcm_f32le", { ffmpeg: "-c:a pcm_f32le" }),
  wav("pcm-f64.wav", "WAV, float 64 bit", "pcm_f64le", { ffmpeg: "-c:a pcm_f64le" }),
  wav(
    "sizes-zero.wav",
    "WAV, its sizes 0 (recorder killed)",
    "pcm_s16le",
    { withoutSizes: "pcm-s16.wav" },
    { isRepaired: true },
  ),
  wav("rf64.wav", "RF64", "pcm_s16le", { ffmpeg: "-c:a pcm_s16le -rf64 always" }, { isRepaired: true }),
  wav("alaw.wav", "WAV, A-law", "alaw", { ffmpeg: "-c:a pcm_alaw" }),
  wav("mulaw.wav", "WAV, mu-law", "mulaw", { ffmpeg: "-c:a pcm_mulaw" }),
  wav("mulaw-stereo.wav", "WAV, mu-law, a side for each party", "mulaw", { ffmpeg: "-c:a pcm_mulaw -ac 2" }),
  wav("gsm.wav49", "WAV, GSM (wav49)", "wav49", { ffmpeg: "-c:a libgsm_ms -f wav" }),
  wav("g722.wav", "WAV, G.722", "g722", { ffmpeg: "-c:a g722", rate: 16_000 }),
  wav("g723.wav", "WAV, G.723.1", "g723", { ffmpeg: "-c:a g723_1 -b:a 6.3k" }),
  wav("g726.wav", "WAV, G.726", "g726", { ffmpeg: "-c:a g726 -b:a 32k" }),
  wav("adpcm-ms.wav", "WAV, ADPCM of Microsoft", "adpcm_ms", { ffmpeg: "-c:a adpcm_ms" }),
  wav("adpcm-ima.wav", "WAV, ADPCM of IMA", "adpcm_ima", { ffmpeg: "-c:a adpcm_ima_wav" }),
  wav("mp3.wav", "WAV, MP3", "mp3", { ffmpeg: "-c:a libmp3lame -b:a 32k", rate: 16_000 }),
  wav("aac.wav", "WAV, AAC", "aac", { ffmpeg: "-c:a aac", rate: 16_000 }),
  wav("speex.wav", "WAV, Speex", "speex", { ffmpeg: "-c:a libspeex" }),
  wav("wma.wav", "WAV, WMA", "wma", { ffmpeg: "-c:a wmav2", rate: 16_000 }),
  {
    file: "constant.mp3",
    what: "MP3, constant bit rate, without index",
    contentType: "audio/mpeg",
    codec: "mp3",
    made: { ffmpeg: "-c:a libmp3lame -b:a 32k -write_xing 0 -id3v2_version 0", rate: 16_000 },
  },
  {
    file: "variable-index.mp3",
    what: "MP3, variable bit rate, with index",
    contentType: "audio/mpeg",
    codec: "mp3",
    made: { ffmpeg: "-c:a libmp3lame -q:a 6", rate: 16_000, uneven: true },
    isRepaired: true,
  },
  {
    file: "variable.mp3",
    what: "MP3, variable bit rate, without index",
    contentType: "audio/mpeg",
    codec: "mp3",
    made: { ffmpeg: "-c:a libmp3lame -q:a 6 -write_xing 0 -id3v2_version 0", rate: 16_000, uneven: true },
    isRepaired: true,
  },
  {
    file: "layer2.mp2",
    what: "MPEG Layer II",
    contentType: "audio/mpeg",
    codec: "mp2",
    made: { ffmpeg: "-c:a mp2 -b:a 32k", rate: 16_000 },
  },
  {
    file: "opus.opus",
    what: "Ogg Opus",
    contentType: "audio/ogg",
    codec: "opus",
    made: { ffmpeg: "-c:a libopus -b:a 24k", rate: 48_000 },
  },
  {
    file: "chained.opus",
    what: "Ogg Opus, two streams in a chain",
    contentType: "audio/ogg",
    codec: "opus",
    made: { twice: "opus.opus" },
    isJoined: true,
  },
  {
    file: "vorbis.ogg",
    what: "Ogg Vorbis",
    contentType: "audio/ogg",
    codec: "vorbis",
    made: { ffmpeg: "-c:a libvorbis", rate: 16_000 },
  },
  {
    file: "flac.oga",
    what: "Ogg FLAC",
    contentType: "audio/ogg",
    codec: "flac",
    made: { ffmpeg: "-c:a flac -f ogg" },
  },
  {
    file: "speex.spx",
    what: "Ogg Speex",
    contentType: "audio/ogg",
    codec: "speex",
    made: { ffmpeg: "-c:a libspeex" },
  },
  { file: "flac.flac", what: "FLAC", contentType: "audio/flac", codec: "flac", made: { ffmpeg: "-c:a flac" } },
  mp4("index-first.m4a", "MP4, AAC, index first", "aac", "-c:a aac -movflags +faststart"),
  mp4("index-last.mp4", "MP4, AAC, index last", "aac", "-c:a aac -brand isom"),
  mp4("alac.m4a", "MP4, ALAC", "alac", "-c:a alac"),
  mp4("mp3.mp4", "MP4, MP3", "mp3", "-c:a libmp3lame -b:a 32k"),
  mp4("flac.mp4", "MP4, FLAC", "flac", "-c:a flac -strict -2"),
  mp4("opus.mp4", "MP4, Opus", "opus", "-c:a libopus -b:a 24k -strict -2", 48_000),
  mp4(
    "opus-fragments.mp4",
    "MP4, Opus in fragments (MediaRecorder)",
    "opus",
    `-c:a libopus -b:a 24k -strict -2 ${fragmented}`,
    48_000,
  ),
  {
    file: "aac.3gp",
    what: "3GP, AAC",
    contentType: "audio/3gpp",
    codec: "aac",
    made: { ffmpeg: "-c:a aac", rate: 16_000 },
  },
  { file: "amr.3gp", what: "3GP, AMR", contentType: "audio/3gpp", codec: "amr_nb", made: { copyOf: "amr.amr" } },
  {
    file: "aac.3g2",
    what: "3G2, AAC",
    contentType: "audio/3gpp2",
    codec: "aac",
    made: { ffmpeg: "-c:a aac", rate: 16_000 },
  },
  {
    file: "opus.webm",
    what: "WebM, Opus",
    contentType: "audio/webm",
    codec: "opus",
    made: { ffmpeg: "-c:a libopus -b:a 24k", rate: 48_000 },
  },
  {
    file: "vorbis.webm",
    what: "WebM, Vorbis",
    contentType: "audio/webm",
    codec: "vorbis",
    made: { ffmpeg: "-c:a libvorbis", rate: 16_000 },
  },
  {
    file: "adts.aac",
    what: "AAC in ADTS frames",
    contentType: "audio/aac",
    codec: "aac",
    made: { ffmpeg: "-c:a aac -f adts", rate: 16_000 },
  },
  { file: "amr.amr", what: "AMR", contentType: "audio/amr", codec: "amr_nb", made: { sox: "amr-nb", rate: 8_000 } },
  {
    file: "amr.awb",
    what: "AMR-WB",
    contentType: "audio/amr-wb",
    codec: "amr_wb",
    made: { fixture: "amr-wb.awb" },
  },
  au("mulaw.au", "AU, mu-law", "mulaw"),
  au("alaw.au", "AU, A-law", "alaw"),
  au("pcm-s8.au", "AU, PCM 8 bit", "pcm_s8"),
  au("pcm-s16.au", "AU, PCM 16 bit", "pcm_s16be"),
  au("pcm-s24.au", "AU, PCM 24 bit", "pcm_s24be"),
  au("pcm-s32.au", "AU, PCM 32 bit", "pcm_s32be"),
  au("pcm-f32.au", "AU, float 32 bit", "pcm_f32be"),
  au("pcm-f64.au", "AU, float 64 bit", "pcm_f64be"),
  {
    file: "raw.ulaw",
    what: "mu-law without a header",
    contentType: "audio/pcmu",
    codec: "mulaw",
    made: { ffmpeg: "-f mulaw" },
  },
  {
    file: "raw.alaw",
    what: "A-law without a header",
    contentType: "audio/pcma",
    codec: "alaw",
    made: { ffmpeg: "-f alaw" },
  },
  {
    file: "raw.sln",
    what: "signed linear, 8 kHz (Asterisk)",
    contentType: "audio/l16",
    codec: "pcm_s16le",
    made: { ffmpeg: "-f s16le" },
  },
  {
    file: "raw.sln16",
    what: "signed linear, 16 kHz (Asterisk)",
    contentType: "audio/l16",
    codec: "pcm_s16le",
    made: { ffmpeg: "-f s16le", rate: 16_000 },
  },
  {
    file: "big-endian.pcm",
    declared: "audio/l16;rate=8000;channels=1",
    what: "linear samples, the high byte first (RFC 4856)",
    contentType: "audio/l16",
    codec: "pcm_s16be",
    made: { ffmpeg: "-f s16be" },
  },
  { file: "raw.gsm", what: "GSM without a header", contentType: "audio/gsm", codec: "gsm", made: { ffmpeg: "-f gsm" } },
  {
    file: "raw.g722",
    what: "G.722 without a header",
    contentType: "audio/g722",
    codec: "g722",
    made: { ffmpeg: "-f g722", rate: 16_000 },
  },
];

/** Accepted in a WAV, but no free program writes them: the matrix does not play them. */
export const codecsWithoutWriter: readonly AudioCodec[] = ["g728", "g729", "adpcm_oki", "truespeech", "siren", "other"];
