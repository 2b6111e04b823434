import { eq } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { queues, units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/core/errors";
import type { PolicyMatch } from "@/lib/retention/policies/policy-terms";

/**
 * The match with the unit that a queue brings.
 * @throws AppError `unknown_unit` for a unit or queue that does not exist.
 */
export async function existingMatch(db: ReadDatabase, match: PolicyMatch): Promise<PolicyMatch> {
  const { unitId, queueId } = match;
  if (queueId !== null) {
    const [queue] = await db.select({ unitId: queues.unitId }).from(queues).where(eq(queues.id, queueId));
    if (!queue) throw unknown("match.queueId");
    return { ...match, unitId: queue.unitId };
  }
  if (unitId === null) return match;
  const [unit] = await db.select({ id: units.id }).from(units).where(eq(units.id, unitId));
  if (!unit) throw unknown("match.unitId");
  return match;
}

function unknown(path: string): AppError {
  return new AppError("unknown_unit", `no such ${path}`, { fields: [{ path, reason: "unknown_unit" }] });
}
