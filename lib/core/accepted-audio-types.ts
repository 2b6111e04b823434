/** The content types of recordings, each with other names that phone systems and browsers use. */
export const acceptedAudioTypes = {
  "audio/wav": ["audio/x-wav", "audio/wave", "audio/vnd.wave", "audio/x-pn-wav"],
  "audio/mpeg": ["audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg", "audio/x-mpeg-3"],
  "audio/ogg": ["application/ogg", "audio/x-ogg", "audio/opus", "audio/vorbis"],
  "audio/flac": ["audio/x-flac"],
  "audio/mp4": ["audio/m4a", "audio/x-m4a", "audio/mp4a-latm"],
} as const;

export type AcceptedAudioType = keyof typeof acceptedAudioTypes;

const canonicalNames = new Map<string, AcceptedAudioType>(
  Object.entries(acceptedAudioTypes).flatMap(([canonical, aliases]) =>
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
