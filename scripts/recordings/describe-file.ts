import { readFile } from "node:fs/promises";
import path from "node:path";
import { audioContentType } from "@/scripts/recordings/audio-content-type";
import type { CallDefaults, CallNameReader } from "@/scripts/recordings/call-names/call-name";
import { readManifestEntry, type ManifestEntry, type ManifestProblem } from "@/scripts/recordings/read-manifest";

/** Reads the facts of a call from the file's name, or from a JSON file beside it ("call.wav.json"). */
export type FileDescriber = (file: string, line: number) => Promise<ManifestEntry | ManifestProblem>;

/** Describes files by their names. */
export function byName(readName: CallNameReader, defaults: CallDefaults): FileDescriber {
  return async (file, line) => {
    const name = path.basename(file, path.extname(file));
    const call = readName(name, defaults);
    if (!call) return { line, file, problem: "name: has another form" };
    const { direction = defaults.direction, unit = defaults.unit, queue = defaults.queue, startedAt, ...others } = call;
    if (!unit) return { line, file, problem: "unit: is not in the name; give --unit" };
    const metadata = {
      ...others,
      source: defaults.source,
      unit,
      queue,
      direction,
      startedAt: startedAt.toISOString(),
      contentType: audioContentType(file)!,
    };
    return { line, file, metadata };
  };
}

/** The name of the JSON file that describes a recording. */
export const sidecarOf = (file: string) => `${file}.json`;

/** The problem of a file whose sidecar does not exist, or not yet. */
export const sidecarMissing = "sidecar: not found";

/** Describes files by the JSON file beside each: an entry of a manifest, without `file`. */
export function bySidecar(defaultSource: string): FileDescriber {
  return async (file, line) => {
    const text = await readFile(sidecarOf(file), "utf8").catch(() => null);
    if (text === null) return { line, file, problem: sidecarMissing };
    return { ...readManifestEntry(entryOf(text, file), line, path.dirname(file), defaultSource), file };
  };
}

/** Returns an empty entry for invalid JSON. It is refused later, because it lacks every field. */
function entryOf(text: string, file: string): object {
  try {
    return { ...(JSON.parse(text) as object), file: path.basename(file) };
  } catch {
    return {};
  }
}
