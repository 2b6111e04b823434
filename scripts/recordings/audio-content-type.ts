import path from "node:path";

const types: Record<string, string> = {
  ".wav": "audio/wav",
  ".mp3": "audio/mpeg",
  ".ogg": "audio/ogg",
  ".opus": "audio/ogg",
  ".flac": "audio/flac",
  ".m4a": "audio/mp4",
  ".mp4": "audio/mp4",
};

/**
 * The type that a file's name announces, or null when it is not a name of a recording. The portal looks at the
 * bytes all the same.
 */
export function audioContentType(file: string): string | null {
  return types[path.extname(file).toLowerCase()] ?? null;
}
