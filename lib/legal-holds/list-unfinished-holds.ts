import { asc, sql } from "drizzle-orm";
import { z } from "zod";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { query } from "@/lib/operation/operation";

/** Holds with recordings still to place or to let go, oldest first. */
export const listUnfinishedHolds = query({
  permission: "legal-hold:continue",
  input: z.object({ limit: z.int().min(1).max(1000).default(100) }),
  run: ({ db, input: { limit } }) =>
    db
      .select({ holdId: legalHolds.id })
      .from(legalHolds)
      .where(sql`${legalHolds.placement} is not null or ${legalHolds.releasedThrough} is not null`)
      .orderBy(asc(legalHolds.id))
      .limit(limit),
});
