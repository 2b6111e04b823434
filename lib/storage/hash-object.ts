import { createHash } from "node:crypto";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";
import { pinned } from "@/lib/storage/pinned";

/**
 * SHA-256 in hex of an object's bytes, read from the store one after the other.
 * @param see is shown each piece on the way.
 * @throws StoreError
 */
export async function hashObject(
  store: ObjectStore,
  facts: ObjectFacts,
  see?: (piece: Uint8Array) => void,
): Promise<string> {
  const hash = createHash("sha256");
  const { stream } = await store.readRange(facts.key, { start: 0, endInclusive: facts.sizeBytes - 1 }, pinned(facts));
  for await (const piece of stream) {
    hash.update(piece);
    see?.(piece);
  }
  return hash.digest("hex");
}
