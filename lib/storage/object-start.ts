import type { ObjectFacts, ObjectStart } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { readAll } from "@/lib/storage/byte-streams";

type Store = Pick<ObjectStore, "head" | "readRange">;

/** The first `count` bytes of exactly this object, or all bytes of a smaller one. @throws StoreError */
export async function readFirstBytes(
  store: Pick<ObjectStore, "readRange">,
  facts: ObjectFacts,
  count: number,
): Promise<Buffer> {
  if (facts.sizeBytes === 0) return Buffer.alloc(0);
  const { stream } = await store.readRange(
    facts.key,
    { start: 0, endInclusive: Math.min(count, facts.sizeBytes) - 1 },
    sameVersion(facts),
  );
  return readAll(stream);
}

/** `ObjectStore.readStart` in two requests, for stores that cannot answer it in one. @throws StoreError */
export async function readStartInTwo(store: Store, key: string, count: number): Promise<ObjectStart | null> {
  const facts = await store.head(key);
  return facts && { facts, firstBytes: await readFirstBytes(store, facts, count) };
}

/** Options that read exactly this object: by its ETag, and by its version if the store has versions. */
export const sameVersion = (facts: ObjectFacts) => ({
  ifMatch: facts.etag,
  ...(facts.versionId ? { versionId: facts.versionId } : {}),
});
