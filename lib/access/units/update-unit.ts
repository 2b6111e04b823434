import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { command } from "@/lib/operation/operation";
import { brazilianTimeZones } from "@/lib/access/units/brazilian-time-zones";

/**
 * Changes a unit's name and time zone. Its recordings are then shown in the new zone; stored times are UTC.
 * @throws AppError `not_found`
 */
export const updateUnit = command({
  permission: "unit:write",
  input: z.object({ unitId: z.uuid(), name: z.string().trim().min(1).max(120), timeZone: z.enum(brazilianTimeZones) }),
  audits: ["unit.updated"],
  run: async ({ tx, input: { unitId, name, timeZone } }) => {
    const [before] = await tx
      .select({ name: units.name, timeZone: units.timeZone })
      .from(units)
      .where(eq(units.id, unitId))
      .for("update");
    if (!before) throw new AppError("not_found", "unit");
    const result = { unitId };
    if (before.name === name && before.timeZone === timeZone) return { result, unchanged: true as const };
    await tx.update(units).set({ name, timeZone }).where(eq(units.id, unitId));
    const details = { nameChanged: before.name !== name, timeZoneBefore: before.timeZone, timeZone };
    return { result, audits: [auditEvent("unit.updated", { target: { type: "unit", id: unitId, unitId }, details })] };
  },
});
