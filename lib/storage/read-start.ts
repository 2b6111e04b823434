import type { ObjectFacts, ObjectStart, ObjectStore } from "@/lib/storage/object-store";
import { pinned } from "@/lib/storage/pinned";
import { readAll } from "@/lib/storage/read-all";

type Store = Pick<ObjectStore, "head" | "readRange">;

/** The first bytes of exactly this object, or all of a smaller one. @throws StoreError */
export async function readFirstBytes(
  store: Pick<ObjectStore, "readRange">,
  facts: ObjectFacts,
  count: number,
): Promise<Buffer> {
  if (facts.sizeBytes === 0) return Buffer.alloc(0);
  const { stream } = await store.readRange(
    facts.key,
    { start: 0, endInclusive: Math.min(count, facts.sizeBytes) - 1 },
    pinned(facts),
  );
  return readAll(stream);
}

/** `ObjectStore.readStart` in two questions, where one does not tell all. @throws StoreError */
export async function readStartInTwo(store: Store, key: string, count: number): Promise<ObjectStart | null> {
  const facts = await store.head(key);
  return facts && { facts, firstBytes: await readFirstBytes(store, facts, count) };
}
