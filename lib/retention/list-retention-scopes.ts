import { asc, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { retentionPolicies } from "@/lib/db/schema/retention";
import { queues, units } from "@/lib/db/schema/units";
import { query } from "@/lib/operation";

export type RetentionScopes = {
  hasDefault: boolean;
  units: { id: string; name: string; hasPolicy: boolean; queues: { id: string; code: string; hasPolicy: boolean }[] }[];
};

const active = sql`${retentionPolicies.active}`;

/** Units and their queues, and which of them have a policy of their own: what a new policy can be for. */
export const listRetentionScopes = query({
  permission: "retention-policy:write",
  input: z.object({}),
  run: async ({ db }): Promise<RetentionScopes> => {
    const [policies, unitRows, queueRows] = await Promise.all([
      db.select({ unitId: retentionPolicies.unitId, queueId: retentionPolicies.queueId }).from(retentionPolicies).where(active),
      db.select({ id: units.id, name: units.name }).from(units).orderBy(asc(units.name)).limit(500),
      db.select({ id: queues.id, unitId: queues.unitId, code: queues.code }).from(queues).innerJoin(units, eq(units.id, queues.unitId)).orderBy(asc(queues.code)).limit(5000),
    ]);
    const ofQueues = new Set(policies.map(({ queueId }) => queueId));
    const ofUnits = new Set(policies.filter(({ queueId }) => queueId === null).map(({ unitId }) => unitId));
    const queuesByUnit = Map.groupBy(queueRows, ({ unitId }) => unitId);
    return {
      hasDefault: ofUnits.has(null),
      units: unitRows.map(({ id, name }) => ({
        ...{ id, name, hasPolicy: ofUnits.has(id) },
        queues: (queuesByUnit.get(id) ?? []).map((queue) => ({ id: queue.id, code: queue.code, hasPolicy: ofQueues.has(queue.id) })),
      })),
    };
  },
});
