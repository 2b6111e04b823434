import { createHash, createHmac, randomBytes } from "node:crypto";
import { appendFile, link, mkdir, open, opendir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";
import { isCompressed, isOriginal, stemOf } from "@/scripts/recordings/original-names";
import { mayBeSameSound, soundLength } from "@/scripts/recordings/sound-length";

/**
 * Of each original that was stored and removed, a small file whose name is a keyed digest: a later job may leave its
 * compressed copy. Names of files may hold telephone numbers, which could be guessed from a digest without a key.
 */
const folder = ".removed";
const keyName = ".key";
const keyBytes = 32;

/** How long a copy may come after its original was removed. */
const keptMs = 30 * 86_400_000;

const stemBytes = (spool: string, file: string) =>
  Buffer.from(onDisk(path.relative(path.resolve(spool), path.resolve(stemOf(file)))));

const markAt = (spool: string, digest: string) => path.join(spool, folder, digest.slice(0, 2), digest);

const markOf = (spool: string, file: string, key: Buffer) =>
  markAt(spool, createHmac("sha256", key).update(stemBytes(spool, file)).digest("hex"));

/** Earlier releases wrote digests without a key. */
const markWithoutKey = (spool: string, file: string) =>
  markAt(spool, createHash("sha256").update(stemBytes(spool, file)).digest("hex"));

/**
 * Remembers an original that is about to be removed, and how long it is. After a kill between both it is remembered,
 * and still there. `place`: where it lies now.
 */
export async function rememberRemoved(spool: string, file: string, place = file): Promise<void> {
  if (!isOriginal(file)) return;
  const mark = markOf(spool, file, (await findKey(spool)) ?? (await makeKey(spool)));
  await mkdir(path.dirname(mark), { recursive: true, mode: 0o700 });
  // A pause may leave several originals of one name: a line each.
  await appendFile(mark, `${path.extname(file)} ${(await soundLength(place)) ?? ""}\n`, { mode: 0o600 });
}

/**
 * The original that a compressed file was made of ("call.wav" of "call.mp3"), if it was stored, removed, and as long.
 */
export async function findRemovedOriginal(spool: string, file: string): Promise<string | null> {
  if (!isCompressed(file)) return null;
  const read = (mark: string) => readFile(mark, "utf8").catch(() => null);
  const key = await findKey(spool);
  const lines = (key && (await read(markOf(spool, file, key)))) ?? (await read(markWithoutKey(spool, file)));
  if (lines === null) return null;
  const lengthMs = await soundLength(file);
  // Earlier releases wrote no length, and no line end.
  const found = (lines.trim() || ".wav").split("\n").find((line) => {
    const originalMs = line.split(" ")[1];
    return mayBeSameSound(originalMs ? Number(originalMs) : null, lengthMs);
  });
  return found === undefined ? null : stemOf(file) + found.split(" ")[0]!;
}

/** Forgets originals that were removed more than a month ago. Reads folders as streams. */
export async function forgetRemoved(spool: string, signal: AbortSignal, now = Date.now()): Promise<void> {
  const area = await opendir(path.join(spool, folder), { recursive: true }).catch(() => null);
  for await (const entry of area ?? []) {
    if (signal.aborted) return;
    if (entry.name === keyName) continue;
    const mark = path.join(entry.parentPath, entry.name);
    const found = entry.isFile() ? await stat(mark).catch(() => null) : null;
    if (found && found.mtimeMs < now - keptMs) await rm(mark, { force: true });
  }
}

const keyFile = (spool: string) => path.join(spool, folder, keyName);

/** The key of the spool. Null: there is none yet, or only a part of one reached the disk before the power failed. */
async function findKey(spool: string): Promise<Buffer | null> {
  const key = await readFile(keyFile(spool)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    throw error;
  });
  return key?.length === keyBytes ? key : null;
}

/** Makes the key. If another process makes one at the same time, both use one of the two. */
async function makeKey(spool: string): Promise<Buffer> {
  const target = keyFile(spool);
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const draft = `${target}.${randomBytes(8).toString("hex")}`;
  const handle = await open(draft, "wx", 0o600);
  try {
    await handle.writeFile(randomBytes(keyBytes));
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Unlike a rename, a link replaces nothing. Some file systems have no links.
  const linked = await link(draft, target).catch((error: NodeJS.ErrnoException) => error.code);
  const isUsable = linked === undefined || (await findKey(spool)) !== null;
  if (isUsable) await rm(draft, { force: true });
  else await rename(draft, target);
  return (await findKey(spool))!;
}
