import { inArray } from "drizzle-orm";
import { z } from "zod";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { query } from "@/lib/operation/operation";

/**
 * The wrapped keys of objects, in the order of the request; null for one that was never created or was destroyed.
 * Their use is audited, not this read.
 */
export const readDataKeys = query({
  permission: "data-key:read",
  input: z.object({ objectKeys: z.array(z.string().min(1).max(300)).min(1).max(100) }),
  run: async ({ db, input: { objectKeys } }) => {
    const { objectKey, keyId, wrappedKey } = dataKeys;
    const found = await db
      .select({ objectKey, keyId, wrappedKey })
      .from(dataKeys)
      .where(inArray(dataKeys.objectKey, objectKeys));
    const byObject = new Map(found.map((row) => [row.objectKey, row]));
    return objectKeys.map((key) => byObject.get(key) ?? null);
  },
});
