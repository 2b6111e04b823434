import { inArray } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { dataKeys } from "@/lib/db/schema/recordings";

/**
 * Destroys the keys of objects, in the transaction of the caller, who says so in its event: no copy of them can be read any more.
 * @returns how many there were.
 */
export async function destroyDataKeys(tx: Transaction, objectKeys: readonly string[]): Promise<number> {
  if (objectKeys.length === 0) return 0;
  const destroyed = await tx
    .delete(dataKeys)
    .where(inArray(dataKeys.objectKey, [...objectKeys]))
    .returning({ objectKey: dataKeys.objectKey });
  return destroyed.length;
}
