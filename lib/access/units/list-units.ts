import { asc, inArray, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import { units } from "@/lib/db/schema";
import { pick } from "@/lib/core/pick";
import { query } from "@/lib/operation/operation";

export type UnitRow = {
  id: string;
  code: string;
  name: string;
  timeZone: string;
  areaCode: string | null;
  outsidePrefix: string | null;
};

/** The units that the actor may see, by name: supervisors see their own, other roles all. */
export const listUnits = query({
  permission: "unit:list",
  input: z.object({}),
  run: async ({ db, actor }): Promise<UnitRow[]> =>
    db
      .select(pick(units, "id", "code", "name", "timeZone", "areaCode", "outsidePrefix"))
      .from(units)
      .where(unitsOf(actor))
      .orderBy(asc(sql`lower(${units.name})`), asc(units.id)),
});

/** Only staff can list units. Roles that are not limited to units see all of them. */
function unitsOf(actor: Actor): SQL {
  if (actor.type !== "user") return sql`false`;
  return actor.role === "supervisor" ? inArray(units.id, [...actor.unitIds]) : sql`true`;
}
