import { extensionOfType } from "@/lib/core/accepted-audio-types";

/** A recording's file name is its id: a name or number in it would leave with the download. */
export function contentDisposition(kind: "play" | "download", recordingId: string, contentType: string): string {
  if (kind === "play") return "inline";
  return `attachment; filename="${recordingId}.${extensionOfType(contentType) ?? "bin"}"`;
}
