/**
 * What a file is that is not accepted as a recording. Codes are stable: the API answers with them, the database keeps
 * them, and `refusedForms` of `codes.json` has their names.
 */
export const refusedForms = [
  "video",
  "image",
  "text",
  "html",
  "archive",
  "document",
  "executable",
  "database",
  "packet_capture",
  "midi",
  "janus_mjr",
  "aiff",
  "caf",
  "windows_media",
  "real_audio",
  "matroska",
  "quicktime",
  "wave64",
  "riff",
  "lossless",
  "encrypted",
  "no_sound_track",
  "several_tracks",
  "no_format",
  "not_that_codec",
  "g723_raw",
  "g726_raw",
  "g729_raw",
  "siren_raw",
  "ilbc_raw",
  "vox",
  "unknown",
] as const;

export type RefusedForm = (typeof refusedForms)[number];

/** Extensions of what recorders write and no upload takes, in lower case: the content does not tell what it is. */
export const refusedExtensions: Readonly<Record<string, RefusedForm>> = {
  mjr: "janus_mjr",
  g723: "g723_raw",
  g723sf: "g723_raw",
  "g726-16": "g726_raw",
  "g726-24": "g726_raw",
  "g726-32": "g726_raw",
  "g726-40": "g726_raw",
  g729: "g729_raw",
  siren7: "siren_raw",
  siren14: "siren_raw",
  ilbc: "ilbc_raw",
  vox: "vox",
  mid: "midi",
  midi: "midi",
  aif: "aiff",
  aiff: "aiff",
  caf: "caf",
  wma: "windows_media",
  asf: "windows_media",
  wmv: "windows_media",
  ra: "real_audio",
  rm: "real_audio",
  mka: "matroska",
  mkv: "matroska",
  avi: "video",
  mov: "quicktime",
  h263: "video",
  h264: "video",
  pcap: "packet_capture",
  pcapng: "packet_capture",
};

/** The form of a file that no upload takes, by its extension; null for other files. */
export function refusedFormOfName(name: string): RefusedForm | null {
  const extension = /\.([^./\\]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return Object.hasOwn(refusedExtensions, extension) ? refusedExtensions[extension]! : null;
}

const refusedTypes: Readonly<Record<string, RefusedForm>> = {
  "text/html": "html",
  "application/zip": "archive",
  "application/pdf": "document",
  "audio/midi": "midi",
  "audio/x-midi": "midi",
  "audio/aiff": "aiff",
  "audio/x-aiff": "aiff",
  "audio/x-caf": "caf",
  "audio/x-ms-wma": "windows_media",
  "audio/x-matroska": "matroska",
  "audio/g723": "g723_raw",
  "audio/g726-16": "g726_raw",
  "audio/g726-24": "g726_raw",
  "audio/g726-32": "g726_raw",
  "audio/g726-40": "g726_raw",
  "audio/g729": "g729_raw",
  "audio/ilbc": "ilbc_raw",
};

/** The form that a declared content type stands for; null if it is none of them. */
export function refusedFormOfType(declared: string): RefusedForm | null {
  const type = (declared.split(";")[0] ?? "").trim().toLowerCase();
  if (type.startsWith("video/")) return "video";
  if (type.startsWith("image/")) return "image";
  return Object.hasOwn(refusedTypes, type) ? refusedTypes[type]! : null;
}
