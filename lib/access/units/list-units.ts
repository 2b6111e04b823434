import { asc, inArray, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import { units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

export type UnitRow = { id: string; code: string; name: string; timeZone: string };

/** The units that the actor may know of, by name: a supervisor's own, all of them for the other roles. */
export const listUnits = query({
  permission: "unit:list",
  input: z.object({}),
  run: async ({ db, actor }): Promise<UnitRow[]> =>
    db
      .select({ id: units.id, code: units.code, name: units.name, timeZone: units.timeZone })
      .from(units)
      .where(unitsOf(actor))
      .orderBy(asc(sql`lower(${units.name})`), asc(units.id)),
});

/** Only who may list units arrives here: staff. Whoever is not limited to units sees them all. */
function unitsOf(actor: Actor): SQL {
  if (actor.type !== "user") return sql`false`;
  return actor.role === "supervisor" ? inArray(units.id, [...actor.unitIds]) : sql`true`;
}
