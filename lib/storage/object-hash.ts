import { createHash } from "node:crypto";
import type { ObjectFacts } from "@/lib/storage/object-facts";
import type { ObjectStore } from "@/lib/storage/object-store";
import { sameVersion } from "@/lib/storage/object-start";
import { isDeepStrictEqual } from "node:util";
import { StoreError } from "@/lib/storage/store-error";

/**
 * The SHA-256 in hex of an object, read from the store as one stream.
 * @param onPiece receives each piece.
 * @throws StoreError
 */
export async function hashObject(
  store: ObjectStore,
  facts: ObjectFacts,
  onPiece?: (piece: Uint8Array) => void,
): Promise<string> {
  const hash = createHash("sha256");
  const { stream } = await store.readRange(
    facts.key,
    { start: 0, endInclusive: facts.sizeBytes - 1 },
    sameVersion(facts),
  );
  for await (const piece of stream) {
    hash.update(piece);
    onPiece?.(piece);
  }
  return hash.digest("hex");
}

/**
 * Reads again if the first reading is not good: a bit may have changed on the way from the store. A bad reading counts
 * only if the second is the same.
 * @param isGood whether one reading is enough.
 * @throws StoreError `unavailable` if the two differ and neither is good: a later call decides.
 */
export async function readAgainUnless<Reading>(
  isGood: (reading: Reading) => boolean,
  read: (isAgain: boolean) => Promise<Reading>,
): Promise<Reading> {
  const first = await read(false);
  if (isGood(first)) return first;
  const second = await read(true);
  if (isGood(second) || isDeepStrictEqual(second, first)) return second;
  throw new StoreError("unavailable", "Two reads of the same object differ.");
}
