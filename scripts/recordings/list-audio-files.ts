import { opendir } from "node:fs/promises";
import path from "node:path";
import { audioContentType } from "@/scripts/recordings/audio-content-type";

/**
 * The recordings below a folder, one by one as they are found. What begins with a dot is passed over, folders as
 * well.
 */
export async function* listAudioFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith(".")) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* listAudioFiles(full);
    else if (entry.isFile() && audioContentType(entry.name)) yield full;
  }
}
