import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import path from "node:path";
import { CannotStart } from "@/scripts/recordings/cannot-start";
import { isSidecar, type FileDescriber } from "@/scripts/recordings/describe-file";
import { foreignBytes, readable } from "@/scripts/recordings/file-paths";
import { isExcluded, listFiles, skippedFile, type ListingOptions } from "@/scripts/recordings/list-files";
import { ListedFiles } from "@/scripts/recordings/manifest/listed-files";
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
  const defaults = { source: options.source, timeZone: givenTimeZone(options), channels: options.channels };
  const listing = { exclude: options.exclude, isOwn: ownFiles(folder, { ...options, manifest }) };
  const read = () => withUnlisted(readManifest(manifest, defaults), folder, { manifest, listing });
  return { check: () => checkManifest(read()), read, close: () => Promise.resolve() };
}

async function countFiles(folder: string, listing: ListingOptions): Promise<number> {
  let count = 0;
  for await (const file of listFiles(folder, listing)) if (file) count += 1;
  return count;
}

type ManifestListing = { manifest: string; listing: ListingOptions };

/**
 * Yields the entries of a manifest, those of excluded files as such, and then the files of the folder that it does not
 * list.
 */
async function* withUnlisted(
  entries: AsyncGenerator<ManifestEntry | ManifestProblem>,
  folder: string,
  { manifest, listing }: ManifestListing,
): AsyncGenerator<ManifestEntry | ManifestProblem> {
  const listed = new ListedFiles();
  try {
    let last = 0;
    for await (const entry of entries) {
      const { line, file } = entry;
      last = line;
      if (file !== undefined) listed.add(path.resolve(path.dirname(manifest), file));
      const isOut =
        file !== undefined && isExcluded(path.relative(folder, path.resolve(folder, file)), listing.exclude);
      yield isOut ? { line, file, outcome: "excluded", problem: "" } : entry;
    }
    for await (const unlisted of unlistedFiles(folder, listed, listing)) yield { ...unlisted, line: (last += 1) };
  } finally {
    listed.close();
  }
}

/** The files of a folder that a manifest does not list, with the reason why each is not uploaded. */
async function* unlistedFiles(
  folder: string,
  listed: ListedFiles,
  listing: ListingOptions,
): AsyncGenerator<Omit<ManifestProblem, "line">> {
  for await (const { file, skipped } of listFiles(folder, listing)) {
    if (listed.has(file)) continue;
    const original = skipped ? null : await originalOf(file, (other) => listed.has(other));
    if (skipped) yield { file, problem: "", ...skipped };
    else if (original) yield { file, outcome: "already_stored", problem: sameRecording(original) };
    else yield { file, outcome: "not_taken", problem: notListed(file) };
  }
}

function notListed(file: string): string {
  const bytes = foreignBytes(path.basename(file));
  return `manifest: does not list this file${bytes ? `, whose name is not UTF-8 (${bytes})` : ""}`;
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
function ownFiles(
  folder: string,
  { sidecar, report, manifest }: Pick<ImportSource, "sidecar" | "report" | "manifest">,
) {
  const reportFile = report === undefined ? null : path.resolve(report);
  return (file: string) =>
    manifestNames.includes(path.relative(folder, file)) ||
    (manifest !== undefined && path.resolve(file) === path.resolve(manifest)) ||
    (reportFile !== null && path.resolve(file).startsWith(reportFile)) ||
    (sidecar === true && isSidecar(file));
}
