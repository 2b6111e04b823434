import { createHash } from "node:crypto";
import type { ObjectFacts, ObjectStore } from "@/lib/storage/object-store";
import { sameVersion } from "@/lib/storage/read-start";
import { isDeepStrictEqual } from "node:util";
import { StoreError } from "@/lib/storage/store-error";

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
  const { stream } = await store.readRange(
    facts.key,
    { start: 0, endInclusive: facts.sizeBytes - 1 },
    sameVersion(facts),
  );
  for await (const piece of stream) {
    hash.update(piece);
    see?.(piece);
  }
  return hash.digest("hex");
}

/**
 * What our own reading says counts against what was sent only when a second reading says the same: a bit may turn over
 * on the way to us.
 * @param isGood whether a single reading is enough.
 * @throws StoreError `unavailable` when the two differ and neither is good: to be asked again later.
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
