import { readlinkSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import path from "node:path";

/**
 * True if a process on this machine has the file open for writing. Linux shows us our own processes only, root all.
 * Returns false for processes of other users or machines, and on other systems.
 */
export async function isOpenForWriting(file: string): Promise<boolean> {
  const name = `/${path.basename(file)}`;
  const wanted = await stat(file).catch(() => null);
  if (!wanted) return false;
  for (const process of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(process)) continue;
    for (const descriptor of await readdir(`/proc/${process}/fd`).catch(() => [])) {
      // Compares the name first, which is fast; in a container the path of the same file may differ.
      if (!linkOf(`/proc/${process}/fd/${descriptor}`).endsWith(name)) continue;
      const open = await stat(`/proc/${process}/fd/${descriptor}`).catch(() => null);
      if (open?.ino === wanted.ino && open.dev === wanted.dev && (await mayWrite(process, descriptor))) return true;
    }
  }
  return false;
}

/** Synchronous, because a promise for each of thousands of links takes much longer. */
function linkOf(descriptor: string): string {
  try {
    return readlinkSync(descriptor);
  } catch {
    // The descriptor was closed meanwhile.
    return "";
  }
}

/** Reads the access mode from the last two bits of the octal flags: 1 is write, 2 is read and write. */
async function mayWrite(process: string, descriptor: string): Promise<boolean> {
  const facts = await readFile(`/proc/${process}/fdinfo/${descriptor}`, "utf8").catch(() => "");
  const flags = /^flags:\s*([0-7]+)$/m.exec(facts)?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
}
