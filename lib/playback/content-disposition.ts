const extensions: Record<string, string> = {
  "audio/wav": "wav",
  "audio/mpeg": "mp3",
  "audio/ogg": "ogg",
  "audio/flac": "flac",
  "audio/mp4": "m4a",
};

/** A recording's file name is its id: a name or number in it would leave with the download. */
export function contentDisposition(kind: "play" | "download", recordingId: string, contentType: string): string {
  if (kind === "play") return "inline";
  return `attachment; filename="${recordingId}.${extensions[contentType] ?? "bin"}"`;
}
