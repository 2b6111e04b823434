import { createHash } from "node:crypto";
import { mkdir, opendir, readFile, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";
import { isCompressed, isOriginal, stemOf } from "@/scripts/recordings/same-recording";

/**
 * Of each original that was stored and removed, a small file whose name is a digest: a later job may leave its
 * compressed copy, and names of files may hold telephone numbers.
 */
const folder = ".removed";

/** How long a copy may come after its original was removed. */
const keptMs = 30 * 86_400_000;

const markOf = (spool: string, file: string) => {
  const stem = Buffer.from(onDisk(path.relative(path.resolve(spool), path.resolve(stemOf(file)))));
  const digest = createHash("sha256").update(stem).digest("hex");
  return path.join(spool, folder, digest.slice(0, 2), digest);
};

/** Remembers an original that is about to be removed. After a kill between both it is remembered, and still there. */
export async function rememberRemoved(spool: string, file: string): Promise<void> {
  if (!isOriginal(file)) return;
  const mark = markOf(spool, file);
  await mkdir(path.dirname(mark), { recursive: true, mode: 0o700 });
  await writeFile(mark, path.extname(file), { mode: 0o600 });
}

/** The original that a compressed file was made of ("call.wav" of "call.mp3"), if it was stored and removed. */
export async function findRemovedOriginal(spool: string, file: string): Promise<string | null> {
  if (!isCompressed(file)) return null;
  const extension = await readFile(markOf(spool, file), "utf8").catch(() => null);
  return extension === null ? null : stemOf(file) + (extension || ".wav");
}

/** Forgets originals that were removed more than a month ago. Reads folders as streams. */
export async function forgetRemoved(spool: string, signal: AbortSignal, now = Date.now()): Promise<void> {
  const area = await opendir(path.join(spool, folder), { recursive: true }).catch(() => null);
  for await (const entry of area ?? []) {
    if (signal.aborted) return;
    const mark = path.join(entry.parentPath, entry.name);
    const found = entry.isFile() ? await stat(mark).catch(() => null) : null;
    if (found && found.mtimeMs < now - keptMs) await rm(mark, { force: true });
  }
}
