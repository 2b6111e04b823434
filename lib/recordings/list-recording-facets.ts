import { and, asc, eq, inArray, isNull, or, sql, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { agents, queues, retentionPolicies, units } from "@/lib/db/schema";
import { query } from "@/lib/operation/operation";

/** Maximum number of options in a select; choosing a unit narrows them. */
const mostOptions = 500;

/** The units, queues, agents and policies that the actor may filter by. */
export const listRecordingFacets = query({
  permission: "recording:list",
  input: z.object({ unitId: z.uuid().optional() }),
  run: async ({ db, actor, input }) => {
    const [unitRows, queueRows, agentRows, policies] = await Promise.all([
      listUnits(db, actor),
      listCodes(db, queues, actor, input.unitId),
      listCodes(db, agents, actor, input.unitId),
      listPolicies(db, actor),
    ]);
    return { units: unitRows, queues: queueRows, agents: agentRows, policies };
  },
});

function listUnits(db: ReadDatabase, actor: Actor) {
  return db
    .select({ id: units.id, name: units.name })
    .from(units)
    .where(inUnits(actor, units.id))
    .orderBy(asc(units.name));
}

function listCodes(db: ReadDatabase, table: typeof queues | typeof agents, actor: Actor, unitId: string | undefined) {
  return db
    .select({ id: table.id, code: table.code, unit: units.name })
    .from(table)
    .innerJoin(units, eq(units.id, table.unitId))
    .where(and(inUnits(actor, table.unitId), unitId ? eq(table.unitId, unitId) : undefined))
    .orderBy(asc(table.code), asc(units.name))
    .limit(mostOptions);
}

function listPolicies(db: ReadDatabase, actor: Actor) {
  const { id, name, unitId, active } = retentionPolicies;
  const concerns = or(isNull(unitId), inUnits(actor, unitId) ?? sql`true`);
  return db
    .select({ id, name })
    .from(retentionPolicies)
    .where(and(active, concerns))
    .orderBy(asc(name), asc(id))
    .limit(mostOptions);
}

/** Limits supervisors to their own units; no condition for other roles. */
function inUnits(actor: Actor, column: PgColumn): SQL | undefined {
  const limited = actor.type === "user" && actor.role === "supervisor";
  return limited ? inArray(column, [...actor.unitIds]) : undefined;
}
