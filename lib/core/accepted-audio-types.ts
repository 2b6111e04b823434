import { audioCodecs, type AudioCodec, type Plays } from "./audio-codecs.ts";

type AudioType = {
  /** Other names that phone systems and browsers use, in lower case. */
  aliases: readonly string[];
  /** The codecs that browsers play in this container, and whether they play the container itself. */
  playable: readonly AudioCodec[];
  plays: Plays;
  /** Types of one family are one container: a file of one may be declared as another. */
  family?: string;
};

const PCM: readonly AudioCodec[] = ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_s32le", "pcm_f32le"];
const PCM_BIG_ENDIAN: readonly AudioCodec[] = ["pcm_s16be", "pcm_s24be", "pcm_s32be", "pcm_f32be"];
const G711: readonly AudioCodec[] = ["alaw", "mulaw"];
const IN_MP4: readonly AudioCodec[] = ["aac", "mp3", "opus", "flac"];

/** The content types of recordings. The last five are of sound without a header: the declared type says what it is. */
export const acceptedAudioTypes = {
  "audio/wav": {
    aliases: ["audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"],
    playable: [...PCM, ...G711, "mp3"],
    plays: "everywhere",
  },
  "audio/mpeg": {
    aliases: ["audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mpeg-3", "audio/mpa"],
    playable: ["mp3"],
    plays: "everywhere",
  },
  "audio/ogg": {
    aliases: ["application/ogg", "audio/x-ogg", "audio/opus", "audio/vorbis", "audio/speex", "audio/x-speex"],
    playable: ["opus", "vorbis", "flac"],
    plays: "everywhere",
  },
  "audio/flac": { aliases: ["audio/x-flac"], playable: ["flac"], plays: "everywhere" },
  "audio/mp4": {
    aliases: ["audio/m4a", "audio/x-m4a", "audio/mp4a-latm"],
    playable: IN_MP4,
    plays: "everywhere",
    family: "mp4",
  },
  "audio/3gpp": { aliases: ["audio/3gp"], playable: IN_MP4, plays: "everywhere", family: "mp4" },
  "audio/3gpp2": { aliases: ["audio/3g2"], playable: IN_MP4, plays: "everywhere", family: "mp4" },
  "audio/webm": { aliases: [], playable: ["opus", "vorbis"], plays: "everywhere" },
  "audio/aac": {
    aliases: ["audio/aacp", "audio/x-aac", "audio/x-hx-aac-adts", "audio/vnd.dlna.adts"],
    playable: ["aac"],
    plays: "everywhere",
  },
  "audio/amr": { aliases: ["audio/x-amr", "audio/amr-nb"], playable: [], plays: "needs_copy", family: "amr" },
  "audio/amr-wb": { aliases: [], playable: [], plays: "needs_copy", family: "amr" },
  /** Files of Sun and NeXT (.au); for sound without a header, `audio/pcmu` by another name (RFC 2046). */
  "audio/basic": {
    aliases: ["audio/x-au", "audio/au", "audio/snd", "audio/x-basic"],
    playable: ["pcm_s8", ...PCM_BIG_ENDIAN, ...G711],
    plays: "after_header_repair",
    family: "mulaw",
  },
  "audio/pcmu": {
    aliases: ["audio/x-mulaw", "audio/mulaw", "audio/x-ulaw", "audio/ulaw"],
    playable: ["mulaw"],
    plays: "after_header_repair",
    family: "mulaw",
  },
  "audio/pcma": { aliases: ["audio/x-alaw", "audio/alaw"], playable: ["alaw"], plays: "after_header_repair" },
  "audio/l16": { aliases: ["audio/x-l16"], playable: ["pcm_s16le", "pcm_s16be"], plays: "after_header_repair" },
  "audio/gsm": { aliases: ["audio/x-gsm"], playable: [], plays: "needs_copy" },
  "audio/g722": { aliases: ["audio/x-g722"], playable: [], plays: "needs_copy" },
} as const satisfies Record<string, AudioType>;

export type AcceptedAudioType = keyof typeof acceptedAudioTypes;

/** Signed linear samples as Asterisk writes them on the machines that it runs on: the low byte first. */
const slin = (rate: number) => `audio/l16;rate=${rate};channels=1;endianness=little-endian`;

/** The extensions of file names, without the dot and in lower case, each with the content type to declare. */
export const audioExtensions: Readonly<Record<string, string>> = {
  wav: "audio/wav",
  wave: "audio/wav",
  wav16: "audio/wav",
  wav49: "audio/wav",
  mp3: "audio/mpeg",
  mp2: "audio/mpeg",
  ogg: "audio/ogg",
  oga: "audio/ogg",
  opus: "audio/ogg",
  spx: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp4: "audio/mp4",
  "3gp": "audio/3gpp",
  "3gpp": "audio/3gpp",
  "3g2": "audio/3gpp2",
  webm: "audio/webm",
  weba: "audio/webm",
  aac: "audio/aac",
  adts: "audio/aac",
  amr: "audio/amr",
  awb: "audio/amr-wb",
  au: "audio/basic",
  snd: "audio/basic",
  ulaw: "audio/pcmu;rate=8000",
  ul: "audio/pcmu;rate=8000",
  ulw: "audio/pcmu;rate=8000",
  mu: "audio/pcmu;rate=8000",
  pcm: "audio/pcmu;rate=8000",
  alaw: "audio/pcma;rate=8000",
  al: "audio/pcma;rate=8000",
  alw: "audio/pcma;rate=8000",
  sln: slin(8000),
  raw: slin(8000),
  sln12: slin(12_000),
  sln16: slin(16_000),
  sln24: slin(24_000),
  sln32: slin(32_000),
  sln44: slin(44_100),
  sln48: slin(48_000),
  sln96: slin(96_000),
  sln192: slin(192_000),
  gsm: "audio/gsm",
  g722: "audio/g722",
};

const canonicalNames = new Map<string, AcceptedAudioType>(
  Object.entries(acceptedAudioTypes).flatMap(([canonical, { aliases }]) =>
    [canonical, ...aliases].map((name) => [name, canonical as AcceptedAudioType] as const),
  ),
);

/** The table's name for a declared content type, without parameters (`; codecs=opus`); null if it is not accepted. */
export function canonicalAudioType(declared: string): AcceptedAudioType | null {
  return canonicalNames.get(typeWithoutParameters(declared)) ?? null;
}

/** `audio/l16` for `audio/L16; rate=8000`. Objects in a store have this type: some stores refuse parameters. */
export function typeWithoutParameters(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}

/** Whether a declared content type, by any of its names, is that of the content, or of the same family. */
export function matchesDeclaredType(declared: string, { contentType }: { contentType: string }): boolean {
  const [type, sniffed] = [canonicalAudioType(declared), canonicalAudioType(contentType)];
  return type !== null && sniffed !== null && familyOf(type) === familyOf(sniffed);
}

function familyOf(type: AcceptedAudioType): string {
  const { family }: AudioType = acceptedAudioTypes[type];
  return family ?? type;
}

/** The content type to declare for a file of this name; null for other files. */
export function audioTypeOfName(name: string): string | null {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(audioExtensions, extension) ? audioExtensions[extension]! : null;
}

/** The first extension of the table with this content type, in full or else without its parameters; null if none. */
export function extensionOfType(contentType: string): string | null {
  const withType = (wanted: (type: string) => boolean) =>
    Object.entries(audioExtensions).find(([, type]) => wanted(type))?.[0] ?? null;
  const canonical = canonicalAudioType(contentType);
  return withType((type) => type === contentType) ?? withType((type) => canonicalAudioType(type) === canonical);
}

const fromBest: readonly Plays[] = ["everywhere", "after_header_repair", "needs_copy"];

/**
 * Whether browsers play a codec in its container: as well as the worse of the two. Null if the codec is not known (a
 * recording of earlier versions that was not yet sniffed).
 */
export function playsInBrowsers(contentType: string, codec: AudioCodec | null): Plays | null {
  const type = canonicalAudioType(contentType);
  if (!type || !codec) return null;
  const { playable, plays }: AudioType = acceptedAudioTypes[type];
  if (!playable.includes(codec)) return "needs_copy";
  const worst = Math.max(fromBest.indexOf(plays), fromBest.indexOf(audioCodecs[codec].plays));
  return fromBest[worst]!;
}
