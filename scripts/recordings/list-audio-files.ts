import { opendir } from "node:fs/promises";
import path from "node:path";
import { audioContentType } from "@/scripts/recordings/audio-content-type";

/** Yields the recordings below a folder. Skips files and folders whose names begin with a dot. */
export async function* listAudioFiles(folder: string): AsyncGenerator<string> {
  for await (const entry of await opendir(folder)) {
    if (entry.name.startsWith(".")) continue;
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* listAudioFiles(full);
    else if (entry.isFile() && audioContentType(entry.name)) yield full;
  }
}
