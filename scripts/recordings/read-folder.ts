import type { FileDescriber } from "@/scripts/recordings/describe-file";
import { listAudioFiles } from "@/scripts/recordings/list-audio-files";
import type { ManifestEntry, ManifestProblem } from "@/scripts/recordings/read-manifest";

/** Yields the recordings of a folder without a manifest, each with the facts of its call. */
export async function* readFolder(
  folder: string,
  describe: FileDescriber,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const file of listAudioFiles(folder)) yield describe(file, (line += 1));
}
