import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";

/**
 * A hold in force, for whoever may add recordings to it.
 * @throws AppError `not_found`, also for a hold that was released or is not the supervisor's.
 */
export const readExtendableHold = query({
  permission: "legal-hold:place",
  input: z.object({ holdId: z.uuid() }),
  run: async ({ db, actor, input: { holdId } }) => {
    const [hold] = await db
      .select({ matter: legalHolds.matter, isPlacing: sql<boolean>`${legalHolds.placement} is not null` })
      .from(legalHolds)
      .where(and(eq(legalHolds.id, holdId), isNull(legalHolds.releasedAt), holdScope(actor)));
    if (!hold) throw new AppError("not_found", "no such legal hold in force");
    return hold;
  },
});
