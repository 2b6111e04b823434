import { asc, sql } from "drizzle-orm";
import { z } from "zod";
import { rowLimit } from "@/lib/core/page-input";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { query } from "@/lib/operation/operation";

/** Holds with recordings still to place or to let go, oldest first. */
export const listUnfinishedHolds = query({
  permission: "legal-hold:continue",
  input: z.object({ limit: rowLimit(1000, 100) }),
  run: ({ db, input: { limit } }) =>
    db
      .select({ holdId: legalHolds.id })
      .from(legalHolds)
      .where(sql`${legalHolds.placement} is not null or ${legalHolds.releasedThrough} is not null`)
      .orderBy(asc(legalHolds.id))
      .limit(limit),
});
