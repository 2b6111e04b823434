import { asc, eq, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation/operation";

export type RetentionScopes = {
  hasDefault: boolean;
  units: { id: string; name: string; queues: { id: string; code: string }[] }[];
  /** Kinds of call that existing policies name. */
  callKinds: string[];
};

/** The scopes that a policy can have: units, their queues, and the known kinds of call. */
export const listRetentionScopes = query({
  permission: "retention-policy:write",
  input: z.object({}),
  run: async ({ db }): Promise<RetentionScopes> => {
    const { isDefault, active, callKind } = retentionPolicies;
    const [defaults, unitRows, queueRows, kinds] = await Promise.all([
      db
        .select({ isDefault })
        .from(retentionPolicies)
        .where(sql`${active} and ${isDefault}`),
      db.select({ id: units.id, name: units.name }).from(units).orderBy(asc(units.name)).limit(500),
      db
        .select({ id: queues.id, unitId: queues.unitId, code: queues.code })
        .from(queues)
        .innerJoin(units, eq(units.id, queues.unitId))
        .orderBy(asc(queues.code))
        .limit(5000),
      db.selectDistinct({ callKind }).from(retentionPolicies).where(isNotNull(callKind)).limit(200),
    ]);
    const queuesByUnit = Map.groupBy(queueRows, ({ unitId }) => unitId);
    return {
      hasDefault: defaults.length > 0,
      units: unitRows.map((unit) => ({
        ...unit,
        queues: (queuesByUnit.get(unit.id) ?? []).map(({ id, code }) => ({ id, code })),
      })),
      callKinds: kinds.map((row) => row.callKind!).sort(),
    };
  },
});
