import { eq } from "drizzle-orm";
import { z } from "zod";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { query } from "@/lib/operation/operation";

/** The wrapped key of an object; null if it was never created or was destroyed. Its use is audited, not this read. */
export const readDataKey = query({
  permission: "data-key:read",
  input: z.object({ objectKey: z.string().min(1).max(300) }),
  run: async ({ db, input: { objectKey } }) => {
    const { keyId, wrappedKey } = dataKeys;
    const [found] = await db.select({ keyId, wrappedKey }).from(dataKeys).where(eq(dataKeys.objectKey, objectKey));
    return found ?? null;
  },
});
