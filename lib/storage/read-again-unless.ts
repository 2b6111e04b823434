import { isDeepStrictEqual } from "node:util";
import { StoreError } from "@/lib/storage/store-error";

/**
 * What our own reading says counts against what was sent only when a second reading says the same: a bit may turn over on the way to us.
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
