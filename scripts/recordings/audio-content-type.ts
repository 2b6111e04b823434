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

/** Returns the media type for a file's extension, or null for other files. The portal also checks the content. */
export function audioContentType(file: string): string | null {
  return types[path.extname(file).toLowerCase()] ?? null;
}
