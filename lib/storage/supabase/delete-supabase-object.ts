import type { DeletionCounts } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { lookForObject } from "@/lib/storage/supabase/look-for-object";
import { answered, type SupabaseBucket } from "@/lib/storage/supabase/supabase-client";

/**
 * Removes the object of exactly this key. The server answers with the rows it removed and with none when it may not: nothing counts
 * as removed without its row, and no row counts as "there was none" before the store has shown that it would let us see it.
 * @throws StoreError `forbidden` when the object is still there.
 */
export async function deleteSupabaseObject(target: SupabaseBucket, key: string): Promise<DeletionCounts> {
  const removed = await answered(target.files.remove([key]));
  const versionsDeleted = removed.filter(({ name }) => name === key).length;
  if (versionsDeleted === 0 && (await lookForObject(target, key)))
    throw new StoreError("forbidden", "The store did not remove the object.");
  return { versionsDeleted, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 };
}
