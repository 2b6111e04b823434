import { readlinkSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

/**
 * Whether a process on this machine has the file open for writing. Linux shows a user's own processes, and all to root.
 * Elsewhere, and for other users or machines, this is unknown and the answer is no.
 */
export async function isOpenForWriting(file: string): Promise<boolean> {
  const name = `/${path.basename(file)}`;
  const wanted = await stat(file).catch(() => null);
  if (!wanted) return false;
  for (const process of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(process)) continue;
    for (const descriptor of await readdir(`/proc/${process}/fd`).catch(() => [])) {
      // By name first, which is cheap; a container may see the same file under another path.
      if (!linkOf(`/proc/${process}/fd/${descriptor}`).endsWith(name)) continue;
      const open = await stat(`/proc/${process}/fd/${descriptor}`).catch(() => null);
      if (open?.ino === wanted.ino && open.dev === wanted.dev && (await mayWrite(process, descriptor))) return true;
    }
  }
  return false;
}

/** Thousands of these are read for each file: one after the other takes a fraction of what a promise for each does. */
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor);
  } catch {
    // Closed meanwhile.
    return "";
  }
}

/**
 * The access mode is in the last two bits of the flags, which are written in octal: 1 to write, 2 to read and
 * write.
 */
async function mayWrite(process: string, descriptor: string): Promise<boolean> {
  const facts = await readFile(`/proc/${process}/fdinfo/${descriptor}`, "utf8").catch(() => "");
  const flags = /^flags:\s*([0-7]+)$/m.exec(facts)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}
