import { stat } from "node:fs/promises";

/** Properties that change when a file is written. Not the inode, which network drives may change. */
export type FileMark = { sizeBytes: number; mtimeMs: number };

/** The current mark of a file; null when it is gone. */
export async function fileMark(file: string): Promise<FileMark | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  return found && { sizeBytes: found.size, mtimeMs: found.mtimeMs };
}

/** Whether the file was not written between the two marks. */
export function isSameMark(before: FileMark, now: FileMark): boolean {
  return before.sizeBytes === now.sizeBytes && before.mtimeMs === now.mtimeMs;
}
