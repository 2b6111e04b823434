import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { isSidecar, type FileDescriber } from "@/scripts/recordings/describe-file";
import { readable } from "@/scripts/recordings/file-paths";
import { isExcluded, listFiles, skippedFile, type ListingOptions } from "@/scripts/recordings/list-files";
import { checkManifest } from "@/scripts/recordings/manifest/check-manifest";
import { readManifest, type ManifestEntry, type ManifestProblem } from "@/scripts/recordings/read-manifest";
import { originalOf } from "@/scripts/recordings/same-recording";
import { describerOf, givenTimeZone, type UploadOptions } from "./command-options";

/** Where an import reads its calls: a manifest, or the names of the files. */
export type ImportSource = UploadOptions & { manifest?: string; report?: string };

const manifestNames = ["manifest.csv", "manifest.tsv", "manifest.jsonl", "manifest.json"];

/** `check` counts the entries before the first upload. All are read twice, so that they need no memory. */
export type ImportEntries = {
  check: () => Promise<number>;
  read: () => AsyncGenerator<ManifestEntry | ManifestProblem>;
  close: () => Promise<void>;
};

/** @throws CannotStart if there is no such folder, or no manifest and no way to read the names. */
export async function openImportEntries(folder: string, options: ImportSource): Promise<ImportEntries> {
  if (!(await stat(folder).catch(() => null))?.isDirectory()) throw new CannotStart(`${folder} is not a folder.`);
  if (options.names !== undefined || options.sidecar) {
    const { describe, close } = await describerOf(options);
    const listing = { exclude: options.exclude, isOwn: ownFiles(folder, options) };
    return { check: () => countFiles(folder, listing), read: () => readFolder(folder, describe, listing), close };
  }
  if (options.cdr !== undefined) throw new CannotStart("--cdr completes what file names say: give --names, too.");
  const manifest =
    options.manifest ?? manifestNames.map((name) => path.join(folder, name)).find((name) => existsSync(name));
  if (!manifest || !existsSync(manifest))
    throw new CannotStart(
      `No manifest in ${folder}: put ${manifestNames.join(" or ")} there, give --manifest, ` +
        "or read the calls from the file names with --names auto.",
    );
  const defaults = { source: options.source, timeZone: givenTimeZone(options) };
  const read = () => readWithout(readManifest(manifest, defaults), folder, options.exclude);
  return { check: () => checkManifest(read()), read, close: () => Promise.resolve() };
}

async function countFiles(folder: string, listing: ListingOptions): Promise<number> {
  let count = 0;
  for await (const file of listFiles(folder, listing)) if (file) count += 1;
  return count;
}

/** Yields the entries of a manifest, those of excluded files as such. */
async function* readWithout(
  entries: AsyncGenerator<ManifestEntry | ManifestProblem>,
  folder: string,
  exclude: readonly string[],
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  for await (const entry of entries) {
    const { line, file } = entry;
    const isOut = file !== undefined && isExcluded(path.relative(folder, path.resolve(folder, file)), exclude);
    yield isOut ? { line, file, outcome: "excluded", problem: "" } : entry;
  }
}

/** Yields all files of a folder without a manifest: recordings with the facts of their calls, others with a reason. */
async function* readFolder(
  folder: string,
  describe: FileDescriber,
  listing: ListingOptions,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  let line = 0;
  for await (const { file, skipped } of listFiles(folder, listing)) {
    line += 1;
    const original = skipped ? null : await originalOf(file, (other) => skippedFile(folder, other, listing) === null);
    if (skipped) yield { line, file, problem: "", ...skipped };
    else if (original) yield { line, file, outcome: "already_stored", problem: sameRecording(original) };
    else yield await describe(file, line);
  }
}

const sameRecording = (original: string) => `same recording as ${readable(path.basename(original))}, in another format`;

/** The files of the command itself: manifests, its report, and sidecars. */
function ownFiles(folder: string, { sidecar, report }: Pick<ImportSource, "sidecar" | "report">) {
  const reportFile = report === undefined ? null : path.resolve(report);
  return (file: string) =>
    manifestNames.includes(path.relative(folder, file)) ||
    (reportFile !== null && path.resolve(file).startsWith(reportFile)) ||
    (sidecar === true && isSidecar(file));
}
