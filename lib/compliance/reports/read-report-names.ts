import { inArray } from "drizzle-orm";
import { z } from "zod";
import { units, users } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

const uuid = z.uuid();

/** The current names of people and units, by id. Ids that name neither are left out. */
export const readReportNames = query({
  permission: "audit-report:make",
  input: z.object({ ids: z.array(z.string()).max(100_000) }),
  run: async ({ db, input }) => {
    const ids = input.ids.filter((id) => uuid.safeParse(id).success);
    if (ids.length === 0) return new Map<string, string>();
    const named = [
      ...(await db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids))),
      ...(await db.select({ id: units.id, name: units.name }).from(units).where(inArray(units.id, ids))),
    ];
    return new Map(named.map(({ id, name }) => [id, name]));
  },
});
