import { link, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { exists, onDisk } from "@/scripts/recordings/file-paths";
import { originals, stemOf } from "@/scripts/recordings/original-names";
import { originalAmong } from "@/scripts/recordings/same-recording";
import { sidecarOf } from "@/scripts/recordings/describe-file";

/** Subfolders for processed files. Names that begin with a dot are not watched. */
const storedFolder = ".stored";
const refusedFolder = ".refused";
const differingFolder = ".differs-from-stored";

/** Moves a stored file to its subfolder. Returns its new path. */
export function moveStored(spool: string, file: string): Promise<string> {
  return moveTo(spool, storedFolder, file, file);
}

/** The subfolder of stored files. */
export const storedArea = (spool: string) => path.join(spool, storedFolder);

/** The stored file that a compressed one was made of ("call.wav" of "call.mp3"), if it was moved. */
export const findStoredOriginal = (spool: string, file: string) =>
  originalAmong(file, storedStems(stemOf(path.join(storedArea(spool), path.relative(spool, file)))));

/** "call", and "call.1" and so on as far as there are originals of the name. */
async function* storedStems(stem: string): AsyncGenerator<string> {
  yield stem;
  for (let count = 1; ; count += 1) {
    const next = `${stem}.${count}`;
    if (!(await Promise.all(originals.map((extension) => exists(next + extension)))).includes(true)) return;
    yield next;
  }
}

/** Removes a stored file that was moved. */
export async function removeStored(place: string): Promise<void> {
  await Promise.all([place, sidecarOf(place)].map((file) => rm(onDisk(file), { force: true })));
}

/** Moves a refused file to its subfolder, with the reason in a file beside it. It is never removed. */
export async function moveRefused(spool: string, file: string, problem: string): Promise<void> {
  await explain(await moveTo(spool, refusedFolder, file, file), problem);
}

/**
 * Brings a stored file, to which more was written, back to its place in the spool. False if the phone system made
 * another file of this name meanwhile, which is never replaced.
 */
export async function takeBack(place: string, file: string): Promise<boolean> {
  if (place === file) return true;
  try {
    // Unlike a rename, a link replaces nothing.
    await link(onDisk(place), onDisk(file));
    await rm(onDisk(place));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST" || (await exists(file))) return false;
    // A file system without links.
    await rename(onDisk(place), onDisk(file));
  }
  await moveSidecar(place, file);
  return true;
}

const differing = `The portal has stored another content of this recording, and never replaces a stored recording.
A recording that pauses for long looks finished. If the phone system continued to write to this file after it
was uploaded, only this file has the rest. Compare it with the stored recording. If you need it, import it
without sourceRecordingId or with another one: it is another recording of the same call.`;

/** Moves a file that differs from the stored recording of its id to its subfolder. It is never removed. */
export async function moveDiffering(spool: string, place: string, file: string): Promise<void> {
  await explain(await moveTo(spool, differingFolder, place, file), differing);
}

const explain = (target: string, problem: string) =>
  writeFile(onDisk(`${target}.problem.txt`), `${problem}\n`, { mode: 0o600 });

/** Moves a file and its sidecar. `file` is its original path in the spool, `place` its current one. */
async function moveTo(spool: string, area: string, place: string, file: string): Promise<string> {
  const target = await freeName(path.join(spool, area, path.relative(spool, file)));
  await mkdir(onDisk(path.dirname(target)), { recursive: true, mode: 0o700 });
  await rename(onDisk(place), onDisk(target));
  await moveSidecar(place, target);
  return target;
}

async function moveSidecar(place: string, target: string): Promise<void> {
  await rename(onDisk(sidecarOf(place)), onDisk(sidecarOf(target))).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

/** Returns a path that does not exist: "call.wav", "call.1.wav" and so on. */
async function freeName(wanted: string): Promise<string> {
  const { dir, name, ext } = path.parse(wanted);
  for (let count = 0; ; count += 1) {
    const candidate = path.join(dir, count === 0 ? name + ext : `${name}.${count}${ext}`);
    if (!(await exists(candidate))) return candidate;
  }
}
