import { audioCodecs, type AudioCodec, type Plays } from "./audio-codecs.ts";

type AudioType = {
  /** Other names that phone systems and browsers use. */
  aliases: readonly string[];
  /** Of the container alone; a codec in it may play worse. */
  plays: Plays;
};

/** The content types of recordings. */
export const acceptedAudioTypes = {
  "audio/wav": {
    aliases: ["audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"],
    plays: "everywhere",
  },
  "audio/mpeg": {
    aliases: ["audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mpeg-3"],
    plays: "everywhere",
  },
  "audio/ogg": {
    aliases: ["application/ogg", "audio/x-ogg", "audio/opus", "audio/vorbis"],
    plays: "everywhere",
  },
  "audio/flac": { aliases: ["audio/x-flac"], plays: "everywhere" },
  "audio/mp4": { aliases: ["audio/m4a", "audio/x-m4a", "audio/mp4a-latm"], plays: "everywhere" },
} as const satisfies Record<string, AudioType>;

export type AcceptedAudioType = keyof typeof acceptedAudioTypes;

/** The extensions of file names, without the dot and in lower case, each with the content type to declare. */
export const audioExtensions: Readonly<Record<string, string>> = {
  wav: "audio/wav",
  mp3: "audio/mpeg",
  ogg: "audio/ogg",
  opus: "audio/ogg",
  flac: "audio/flac",
  m4a: "audio/mp4",
  mp4: "audio/mp4",
};

const canonicalNames = new Map<string, AcceptedAudioType>(
  Object.entries(acceptedAudioTypes).flatMap(([canonical, { aliases }]) =>
    [canonical, ...aliases].map((name) => [name, canonical as AcceptedAudioType] as const),
  ),
);

/** The table's name for a declared content type, without parameters (`; codecs=opus`); null if it is not accepted. */
export function canonicalAudioType(declared: string): AcceptedAudioType | null {
  return canonicalNames.get((declared.split(";")[0] ?? "").trim().toLowerCase()) ?? null;
}

/** Whether a declared content type, by any of its names, is that of the content. */
export function matchesDeclaredType(declared: string, sniffed: { contentType: AcceptedAudioType }): boolean {
  return canonicalAudioType(declared) === sniffed.contentType;
}

/** The content type to declare for a file of this name; null for other files. */
export function audioTypeOfName(name: string): string | null {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(audioExtensions, extension) ? audioExtensions[extension]! : null;
}

/** The first extension of the table with this content type; null if none has it. */
export function extensionOfType(contentType: string): string | null {
  return Object.entries(audioExtensions).find(([, type]) => type === contentType)?.[0] ?? null;
}

const fromBest: readonly Plays[] = ["everywhere", "after_header_repair", "needs_copy"];

/**
 * Whether browsers play a codec in its container: as well as the worse of the two. Null if the codec is not known (a
 * recording of earlier versions that was not yet sniffed).
 */
export function playsInBrowsers(contentType: string, codec: AudioCodec | null): Plays | null {
  const type = canonicalAudioType(contentType);
  if (!type || !codec) return null;
  const worst = Math.max(...[acceptedAudioTypes[type].plays, audioCodecs[codec].plays].map((p) => fromBest.indexOf(p)));
  return fromBest[worst]!;
}
