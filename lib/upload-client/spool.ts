import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { sidecarOf } from "@/lib/upload-client/describe-file";

/** Where a watched folder keeps what is done with: dotted, so that it is not watched itself. */
const storedFolder = ".stored";
const refusedFolder = ".refused";

/** Puts a file aside that the portal has stored, or removes it when that is wished. */
export async function putStoredAside(spool: string, file: string, { remove }: { remove: boolean }): Promise<void> {
  if (remove) await Promise.all([rm(file, { force: true }), rm(sidecarOf(file), { force: true })]);
  else await putAside(spool, storedFolder, file);
}

/** Puts a file aside that will not be taken as it is, with the reason in a file beside it. It is never removed. */
export async function putRefusedAside(spool: string, file: string, problem: string): Promise<void> {
  const target = await putAside(spool, refusedFolder, file);
  await writeFile(`${target}.problem.txt`, `${problem}\n`, { mode: 0o600 });
}

async function putAside(spool: string, area: string, file: string): Promise<string> {
  const target = await freeName(path.join(spool, area, path.relative(spool, file)));
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  await rename(file, target);
  await rename(sidecarOf(file), sidecarOf(target)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  return target;
}

/** A name that replaces nothing: "call.wav", "call.1.wav" and so on. */
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
