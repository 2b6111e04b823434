import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { unitInput } from "@/lib/access/units/unit-input";

/**
 * Creates a unit. Phone systems send its code, which never changes.
 * @throws AppError `code_taken`
 */
export const createUnit = command({
  permission: "unit:write",
  freshProof: true,
  input: z.object({
    code: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .regex(/^[a-z0-9][a-z0-9-]*$/),
    ...unitInput,
  }),
  audits: ["unit.created"],
  run: async ({ tx, input }) => {
    const id = newId();
    const created = await tx
      .insert(units)
      .values({ id, ...input })
      .onConflictDoNothing()
      .returning({ id: units.id });
    if (created.length === 0)
      throw new AppError("code_taken", "unit code", { fields: [{ path: "code", reason: "code_taken" }] });
    const { code, timeZone, areaCode = null, outsidePrefix = null } = input;
    const details = { code, timeZone, areaCode, outsidePrefix };
    return {
      result: { unitId: id },
      audits: [auditEvent("unit.created", { target: { type: "unit", id, unitId: id }, details })],
    };
  },
});
