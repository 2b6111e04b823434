import { mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { onDisk } from "@/scripts/recordings/file-paths";
import { listFiles } from "@/scripts/recordings/list-files";
import { storedArea, takeBack } from "@/scripts/recordings/spool/areas";

const all = { exclude: [], isOwn: () => false };

/**
 * Takes stored files back to the spool to which a recorder wrote after they were moved, at any time since. A rename
 * changes the time of a file's last change (`ctime`), not that of its last write: the file had settled, so the write
 * lies before the rename by `settleMs` at least.
 * @returns the files taken back, and those that stay because a new file has their name.
 */
export async function takeBackGrown(spool: string, settleMs: number): Promise<{ back: string[]; kept: string[] }> {
  const [back, kept]: [string[], string[]] = [[], []];
  const area = storedArea(spool);
  if (!(await stat(area).catch(() => null))?.isDirectory() || !(await keepsBothTimes(area))) return { back, kept };
  for await (const { file, skipped } of listFiles(area, all)) {
    if (skipped) continue;
    const found = await stat(onDisk(file)).catch(() => null);
    if (!found?.isFile() || found.ctimeMs - found.mtimeMs >= settleMs / 2) continue;
    const place = path.join(spool, path.relative(area, file));
    await mkdir(onDisk(path.dirname(place)), { recursive: true });
    const isBack = await takeBack(file, place).catch(() => null);
    if (isBack !== null) (isBack ? back : kept).push(place);
  }
  return { back, kept };
}

/** True if a rename changes the one time and keeps the other: some network drives have one time only. */
async function keepsBothTimes(area: string): Promise<boolean> {
  const probe = path.join(area, `.times-${process.pid}`);
  const anHourAgo = new Date(Date.now() - 3_600_000);
  try {
    await writeFile(probe, "");
    await utimes(probe, anHourAgo, anHourAgo);
    await rename(probe, `${probe}-moved`);
    const { mtimeMs, ctimeMs } = await stat(`${probe}-moved`);
    return ctimeMs - mtimeMs > 1_800_000;
  } catch {
    return false;
  } finally {
    await Promise.all([rm(probe, { force: true }), rm(`${probe}-moved`, { force: true })]);
  }
}
