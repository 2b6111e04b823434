import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

/** Larger than any entry of the ledger: a thousand recordings are about half a megabyte. */
const mostBytes = 16 * 1024 * 1024;

/** The text of a small object; null when there is none. @throws StoreError */
export async function readStoredText(store: ObjectStore, key: string): Promise<string | null> {
  try {
    const { stream } = await store.readRange(key, { start: 0, endInclusive: mostBytes });
    return await new Response(stream).text();
  } catch (error) {
    if (error instanceof StoreError && error.code === "not_found") return null;
    throw error;
  }
}
