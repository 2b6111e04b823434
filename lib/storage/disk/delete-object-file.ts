import path from "node:path";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { syncFolder } from "@/lib/storage/disk/sync-folder";
import { unfinishedUploads, unlinkIfThere } from "@/lib/storage/disk/sweep-incoming";
import type { DeletionCounts } from "@/lib/storage/object-store";

/**
 * Removes the object and every upload of it under way: a running upload whose temporary file is gone fails when it
 * wants to move into place, so it cannot bring the object back.
 */
export async function deleteObjectFile(rootPath: string, key: string): Promise<DeletionCounts> {
  let unfinishedUploadsAborted = 0;
  for (const file of await unfinishedUploads(rootPath, key)) unfinishedUploadsAborted += await unlinkIfThere(file);
  const target = objectPath(rootPath, key);
  const versionsDeleted = await unlinkIfThere(target);
  if (versionsDeleted > 0) await syncFolder(path.dirname(target));
  return { versionsDeleted, deleteMarkersDeleted: 0, unfinishedUploadsAborted };
}
