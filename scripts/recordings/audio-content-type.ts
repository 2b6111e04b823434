import path from "node:path";
import { audioTypeOfName, canonicalAudioType, type AcceptedAudioType } from "@/lib/core/accepted-audio-types";

/** The channels that an operator declares for a folder; undefined: the header of each file tells. */
export type DeclaredChannels = "2" | undefined;

/** Types of which the sender may know the channels better than the file: its header may be wrong, or it has none. */
const declarable: ReadonlySet<AcceptedAudioType> = new Set(["audio/wav", "audio/l16", "audio/pcmu", "audio/pcma"]);

/** Returns the media type for a file's extension, or null for other files. The portal also checks the content. */
export function audioContentType(file: string, channels?: DeclaredChannels): string | null {
  const type = audioTypeOfName(path.basename(file));
  if (!type || !channels || !declarable.has(canonicalAudioType(type)!)) return type;
  return `${type.replace(/;channels=\d+/, "")};channels=${channels}`;
}
