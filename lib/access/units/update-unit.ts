import { eq } from "drizzle-orm";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { pick } from "@/lib/core/pick";
import { command } from "@/lib/operation/operation";
import { unitInput } from "@/lib/access/units/unit-input";
import { enqueueJob } from "@/lib/jobs/enqueue-job";

/**
 * Changes a unit's name, time zone and dialling. Its recordings are then shown in the new zone; stored times are UTC. A
 * job reads its customer numbers that were not understood again.
 * @throws AppError `not_found`
 */
export const updateUnit = command({
  permission: "unit:write",
  freshProof: true,
  input: z.object({ unitId: z.uuid(), ...unitInput }),
  audits: ["unit.updated"],
  run: async ({ tx, input: { unitId, ...input } }) => {
    const [before] = await tx
      .select(pick(units, "name", "timeZone", "areaCode", "outsidePrefix"))
      .from(units)
      .where(eq(units.id, unitId))
      .for("update");
    if (!before) throw new AppError("not_found", "unit");
    const result = { unitId };
    const { areaCode = before.areaCode, outsidePrefix = before.outsidePrefix, ...named } = input;
    const after = { ...named, areaCode, outsidePrefix };
    const dialsAsBefore = before.areaCode === areaCode && before.outsidePrefix === outsidePrefix;
    if (before.name === after.name && before.timeZone === after.timeZone && dialsAsBefore)
      return { result, unchanged: true as const };
    await tx.update(units).set(after).where(eq(units.id, unitId));
    if (!dialsAsBefore) await enqueueJob(tx, { kind: "number_renewal", key: unitId, payload: { unitId } });
    const details = {
      nameChanged: before.name !== after.name,
      timeZoneBefore: before.timeZone,
      timeZone: after.timeZone,
      ...{ areaCode, outsidePrefix },
    };
    return { result, audits: [auditEvent("unit.updated", { target: { type: "unit", id: unitId, unitId }, details })] };
  },
});
