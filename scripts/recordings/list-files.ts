import { lstat, opendir, stat } from "node:fs/promises";
import type { Dirent } from "node:fs";
import path from "node:path";
import { refusedFormOfName } from "@/lib/core/refused-forms";
import { audioContentType } from "@/scripts/recordings/audio-content-type";
import { fromDisk, isHidden, onDisk, readable } from "@/scripts/recordings/file-paths";
import { refusedFormName } from "@/scripts/recordings/refused-form-name";

export type ListingOptions = {
  /** Patterns of files that are counted, but not taken: `isExcluded`. */
  exclude: readonly string[];
  /** True for files that belong to the client: sidecars, manifests, reports. They are not listed. */
  isOwn: (file: string) => boolean;
};

/** A file, and if it is not to be uploaded the reason. */
export type ListedFile = { file: string; skipped: Skipped | null };
export type Skipped = { outcome: "excluded" | "not_taken"; problem?: string; isFolder?: true };

const notTaken = (problem: string): Skipped => ({ outcome: "not_taken", problem });

/**
 * Yields every file below a folder, also those that are not uploaded, with the reason. Skips hidden files and folders,
 * whose names begin with a dot. Follows links to files, not to folders. Reads a folder as a stream.
 * @param onFolder called for each folder before it is read.
 */
export async function* listFiles(
  root: string,
  options: ListingOptions,
  { folder = root, onFolder }: { folder?: string; onFolder?: (folder: string) => void } = {},
): AsyncGenerator<ListedFile> {
  onFolder?.(folder);
  try {
    for await (const entry of await openFolder(folder)) {
      const file = path.join(folder, fromDisk(entry.name));
      if (isHidden(file)) continue;
      if (entry.isDirectory()) yield* listFiles(root, options, { folder: file, onFolder });
      else if (entry.isFile()) yield* listed(file, skippedFile(root, file, options));
      else yield* listed(file, await skippedEntry(root, file, options));
    }
  } catch (error) {
    const { code = "failed" } = error as NodeJS.ErrnoException;
    // A folder may be removed while its parent is read.
    if (code !== "ENOENT" || folder === root)
      yield { file: folder, skipped: { ...notTaken(`folder: ${code}`), isFolder: true } };
  }
}

function* listed(file: string, skipped: Skipped | "ignored" | null): Generator<ListedFile> {
  if (skipped !== "ignored") yield { file, skipped };
}

/** Node.js' types do not know that the names of such a folder are bytes. */
const openFolder = async (folder: string) =>
  (await opendir(onDisk(folder) as string, { encoding: "buffer" as BufferEncoding })) as unknown as AsyncIterable<
    Dirent<Buffer>
  >;

/** Decides by its name about a file: why it is not to be uploaded; null if it is. `ignored`: it is our own. */
export function skippedFile(
  root: string,
  file: string,
  { exclude, isOwn }: ListingOptions,
): Skipped | "ignored" | null {
  if (isOwn(file)) return "ignored";
  if (isExcluded(path.relative(root, file), exclude)) return { outcome: "excluded" };
  return audioContentType(file) ? null : notTaken(unknownType(file));
}

/** Decides about a file that may be a link, or have no content. `ignored`: our own, or gone. */
export async function skippedEntry(
  root: string,
  file: string,
  options: ListingOptions,
): Promise<Skipped | "ignored" | null> {
  const byName = skippedFile(root, file, options);
  if (byName === "ignored" || byName?.outcome === "excluded") return byName;
  const found = await stat(onDisk(file)).catch((error: NodeJS.ErrnoException) => error.code);
  // A file may be moved or removed after its folder was read; a link without its target is there.
  if (found === "ENOENT" && !(await lstat(onDisk(file)).catch(() => null))) return "ignored";
  if (typeof found !== "object") return notTaken(found === "ENOENT" ? "link: leads to no file" : `file: ${found}`);
  if (found.isFile()) return byName;
  return notTaken(
    found.isDirectory() ? "link: leads to a folder, and is not followed" : "file: has no content to read",
  );
}

/**
 * True if a pattern (`*`, `?`, `[…]`, `{a,b}`, `**`) matches. Without a slash it is compared with the name of the file
 * and of each folder above it, otherwise with the whole path from the folder of the command.
 */
export function isExcluded(relative: string, exclude: readonly string[]): boolean {
  if (exclude.length === 0) return false;
  const shown = readable(relative).replaceAll(path.sep, "/");
  return exclude.some((pattern) =>
    pattern.includes("/")
      ? path.matchesGlob(shown, pattern.replace(/^\.?\//, ""))
      : shown.split("/").some((name) => path.matchesGlob(name, pattern)),
  );
}

/** What to do about files that no portal takes as they are. */
const remedies: Record<string, string> = {
  ".zip": "unpack it",
  ".gz": "unpack it",
};

function unknownType(file: string): string {
  const extension = path.extname(readable(file)).toLowerCase();
  if (extension === "") return "type: the name has no extension, such as .wav";
  const hint = refusedFormName(refusedFormOfName(readable(file))) ?? remedies[extension];
  return `type: the portal takes no ${extension}${hint ? `; ${hint}` : ""}`;
}
