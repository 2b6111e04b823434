import type { ObjectRange } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import type { ByteRange, ReadOptions } from "@/lib/storage/store-requests";

/**
 * Reads a range. Some stores answer 500 to a range behind the end (Supabase on S3), as they do when they fail: the
 * object's own facts decide.
 * @throws StoreError `range_not_satisfiable`; `precondition_failed` when the object is another one; the store's error.
 */
export async function readWithinEnd(
  store: Pick<ObjectStore, "head">,
  { key, range, options }: { key: string; range: ByteRange; options: ReadOptions },
  read: () => Promise<ObjectRange>,
): Promise<ObjectRange> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "unavailable") throw error;
    const facts = await store.head(key, options.versionId).catch(() => null);
    if (facts === null || range.start < facts.sizeBytes) throw error;
    if (options.ifMatch !== undefined && options.ifMatch !== facts.etag)
      throw new StoreError("precondition_failed", "The object has another ETag.", { cause: error });
    throw new StoreError("range_not_satisfiable", "The range starts past the end of the object.", { cause: error });
  }
}
