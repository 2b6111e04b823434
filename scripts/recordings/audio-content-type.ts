import path from "node:path";
import { audioTypeOfName } from "@/lib/core/accepted-audio-types";

/** Returns the media type for a file's extension, or null for other files. The portal also checks the content. */
export function audioContentType(file: string): string | null {
  return audioTypeOfName(path.basename(file));
}
