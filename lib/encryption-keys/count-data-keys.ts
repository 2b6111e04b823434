import { asc, count } from "drizzle-orm";
import { z } from "zod";
import { dataKeys } from "@/lib/db/schema/recordings";
import { query } from "@/lib/operation/operation";

/** How many keys of sealed objects each wrapping key wraps. */
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
