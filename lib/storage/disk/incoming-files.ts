import { readdir, stat, unlink } from "node:fs/promises";
import path from "node:path";
import { incomingPath, incomingPrefix } from "@/lib/storage/disk/disk-layout";

/** An upload that wrote nothing for this long has crashed. Containers share folders but not process ids. */
const ABANDONED_AFTER_MS = 60 * 60_000;

/** Removes temporary files that crashed uploads left. */
export async function sweepIncoming(rootPath: string): Promise<number> {
  const folder = incomingPath(rootPath);
  let removed = 0;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const modified = await stat(file).then(
      (facts) => facts.mtimeMs,
      () => null,
    );
    if (modified === null || Date.now() - modified < ABANDONED_AFTER_MS) continue;
    removed += await unlinkIfExists(file);
  }
  return removed;
}

/** The temporary files of all uploads of exactly this key, running or crashed. */
export async function unfinishedUploads(rootPath: string, key: string): Promise<string[]> {
  const prefix = incomingPrefix(key);
  const names = await readdir(incomingPath(rootPath));
  return names.filter((name) => name.startsWith(prefix)).map((name) => path.join(incomingPath(rootPath), name));
}

/** Returns 1 if the file was removed, 0 if it did not exist. */
export async function unlinkIfExists(file: string): Promise<0 | 1> {
  try {
    await unlink(file);
    return 1;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return 0;
    throw error;
  }
}
