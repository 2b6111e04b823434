import { asc, eq } from "drizzle-orm";
import { z } from "zod";
import { legalHolds, users } from "@/lib/db/schema";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";

/** The owners of the holds that the actor may see, for the filter of the list. */
export const listHoldFacets = query({
  permission: "legal-hold:list",
  input: z.object({}),
  run: async ({ db, actor }) => ({
    owners: await db
      .selectDistinct({ id: users.id, name: users.name })
      .from(legalHolds)
      .innerJoin(users, eq(users.id, legalHolds.ownerId))
      .where(holdScope(actor))
      .orderBy(asc(users.name), asc(users.id))
      .limit(500),
  }),
});
