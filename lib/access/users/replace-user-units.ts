import { eq, inArray } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { units, userUnits } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";

/**
 * Gives a user exactly these units.
 * @throws AppError `unknown_unit`
 */
export async function replaceUserUnits(tx: Transaction, userId: string, unitIds: readonly string[]): Promise<void> {
  const known = await tx.$count(units, inArray(units.id, [...unitIds]));
  if (known !== unitIds.length)
    throw new AppError("unknown_unit", "unit of a user", { fields: [{ path: "unitIds", reason: "unknown_unit" }] });
  await tx.delete(userUnits).where(eq(userUnits.userId, userId));
  if (unitIds.length > 0) await tx.insert(userUnits).values(unitIds.map((unitId) => ({ userId, unitId })));
}
