import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { queues, units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

/**
 * The ids behind the codes that somebody types at a terminal; a queue is one of its unit.
 * @throws AppError `unknown_unit`
 */
export const findOrderScope = query({
  permission: "deletion-order:preview",
  input: z.object({ unit: z.string().max(63).optional(), queue: z.string().max(63).optional() }),
  run: async ({ db, input }): Promise<{ unitId?: string; queueId?: string }> => {
    if (input.unit === undefined) {
      if (input.queue === undefined) return {};
      throw new AppError("unknown_unit", "a queue is named together with its unit");
    }
    const [unit] = await db.select({ id: units.id }).from(units).where(eq(units.code, input.unit));
    if (!unit) throw new AppError("unknown_unit", "no unit has this code");
    if (input.queue === undefined) return { unitId: unit.id };
    const [queue] = await db
      .select({ id: queues.id })
      .from(queues)
      .where(and(eq(queues.unitId, unit.id), eq(queues.code, input.queue)));
    if (!queue) throw new AppError("unknown_unit", "the unit has no queue with this code");
    return { unitId: unit.id, queueId: queue.id };
  },
});
