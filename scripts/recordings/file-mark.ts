import { stat } from "node:fs/promises";

/** What changes when a file is written to. Not its inode, which network drives make up anew at times. */
export type FileMark = { sizeBytes: number; mtimeMs: number };

/** The mark of a file as it is now; null when it is gone. */
export async function fileMark(file: string): Promise<FileMark | null> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  return found && { sizeBytes: found.size, mtimeMs: found.mtimeMs };
}

/** Whether nothing was written in between. */
export function isSameMark(before: FileMark, now: FileMark): boolean {
  return before.sizeBytes === now.sizeBytes && before.mtimeMs === now.mtimeMs;
}
