import { and, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { today } from "@/lib/core/time";
import { legalHolds } from "@/lib/db/schema";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";

/** How many of the holds that the actor may see are in force, and how many of these are past their review date. */
export const countHolds = query({
  permission: "legal-hold:list",
  input: z.object({}),
  run: async ({ db, actor }): Promise<{ inForce: number; reviewDue: number }> => {
    const { releasedAt, reviewOn } = legalHolds;
    const [counts] = await db
      .select({
        inForce: sql<number>`count(*)::int`,
        reviewDue: sql<number>`count(*) filter (where ${reviewOn} < ${today()})::int`,
      })
      .from(legalHolds)
      .where(and(holdScope(actor), isNull(releasedAt)));
    return counts!;
  },
});
