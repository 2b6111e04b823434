import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { sidecarOf } from "@/scripts/recordings/describe-file";

/** Subfolders for processed files. Their names begin with a dot, so that they are not watched. */
const storedFolder = ".stored";
const refusedFolder = ".refused";
const differingFolder = ".differs-from-stored";

/** Sets a stored file aside and returns its new path. */
export function putStoredAside(spool: string, file: string): Promise<string> {
  return putAside(spool, storedFolder, file, file);
}

/** Removes a stored file that was set aside. */
export async function removeStored(place: string): Promise<void> {
  await Promise.all([rm(place, { force: true }), rm(sidecarOf(place), { force: true })]);
}

/** Sets a refused file aside, with the reason in a file beside it. It is never removed. */
export async function putRefusedAside(spool: string, file: string, problem: string): Promise<void> {
  await explain(await putAside(spool, refusedFolder, file, file), problem);
}

const differing = `The portal has stored this call with other content, and what is stored is never replaced.
A recording that was paused for long looks finished: if this file was written to after it went up, what came later is here only.
Compare it with what is stored. If it is needed, import it under another call id.`;

/** Sets aside a file that differs from the recording stored for its call; it is at `place`. It is never removed. */
export async function putDifferingAside(spool: string, place: string, file: string): Promise<void> {
  await explain(await putAside(spool, differingFolder, place, file), differing);
}

const explain = (target: string, problem: string) =>
  writeFile(`${target}.problem.txt`, `${problem}\n`, { mode: 0o600 });

/** `file` is its name in the spool, `place` its current path. */
async function putAside(spool: string, area: string, place: string, file: string): Promise<string> {
  const target = await freeName(path.join(spool, area, path.relative(spool, file)));
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  await rename(place, target);
  await rename(sidecarOf(place), sidecarOf(target)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return target;
}

/** A name that overwrites nothing: "call.wav", "call.1.wav" and so on. */
async function freeName(wanted: string): Promise<string> {
  const { dir, name, ext } = path.parse(wanted);
  for (let count = 0; ; count += 1) {
    const candidate = path.join(dir, count === 0 ? name + ext : `${name}.${count}${ext}`);
    const taken = await access(candidate).then(
      () => true,
      () => false,
    );
    if (!taken) return candidate;
  }
}
