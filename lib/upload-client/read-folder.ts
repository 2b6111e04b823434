import type { FileDescriber } from "@/lib/upload-client/describe-file";
import { listAudioFiles } from "@/lib/upload-client/list-audio-files";
import type { ManifestEntry, ManifestProblem } from "@/lib/upload-client/read-manifest";

/** The recordings of a folder without a manifest, each with what is known of its call. */
export async function* readFolder(
  folder: string,
  describe: FileDescriber,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const file of listAudioFiles(folder)) yield describe(file, (line += 1));
}
