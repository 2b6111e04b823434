import { asc, count } from "drizzle-orm";
import { z } from "zod";
import { dataKeys } from "@/lib/db/schema/data-keys";
import { query } from "@/lib/operation/operation";

/** Counts the data keys of each wrapping key. */
export const countDataKeys = query({
  permission: "data-key:read",
  input: z.object({}),
  run: ({ db }) =>
    db
      .select({ keyId: dataKeys.keyId, keys: count() })
      .from(dataKeys)
      .groupBy(dataKeys.keyId)
      .orderBy(asc(dataKeys.keyId)),
});
