import { stat } from "node:fs/promises";
import { onDisk } from "@/scripts/recordings/file-paths";

/** Properties that change when a file is written. The inode is not one: network drives may change it at any time. */
export type FileMark = { sizeBytes: number; mtimeMs: number };

/** Returns the current mark of a file; null if it does not exist. */
export async function fileMark(file: string): Promise<FileMark | null> {
  const found = await stat(onDisk(file)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  return found && { sizeBytes: found.size, mtimeMs: found.mtimeMs };
}

/** True if the file was not written between the two marks. */
export function isSameMark(before: FileMark, now: FileMark): boolean {
  return before.sizeBytes === now.sizeBytes && before.mtimeMs === now.mtimeMs;
}
