import { eq } from "drizzle-orm";
import { z } from "zod";
import { serviceAccounts } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { diallingInput } from "@/lib/access/units/unit-input";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

/**
 * Says how the phone system of a service account dials, which then counts instead of what the units of its calls say. A
 * job reads its customer numbers that were not understood again.
 * @throws AppError `not_found`
 */
export const setDialling = command({
  permission: "service-account:write",
  input: z.object({ serviceAccountId: z.uuid(), ...diallingInput }),
  audits: ["service_account.dialling_set"],
  run: async ({ tx, input: { serviceAccountId: id, ...input } }) => {
    const [before] = await tx
      .select({ areaCode: serviceAccounts.areaCode, outsidePrefix: serviceAccounts.outsidePrefix })
      .from(serviceAccounts)
      .where(eq(serviceAccounts.id, id))
      .for("update");
    if (!before) throw new AppError("not_found", "service account");
    const result = { serviceAccountId: id };
    const { areaCode = before.areaCode, outsidePrefix = before.outsidePrefix } = input;
    if (before.areaCode === areaCode && before.outsidePrefix === outsidePrefix)
      return { result, unchanged: true as const };
    await tx.update(serviceAccounts).set({ areaCode, outsidePrefix }).where(eq(serviceAccounts.id, id));
    await enqueueJob(tx, { kind: "number_renewal", key: id, payload: { serviceAccountId: id } });
    const target = { type: "service_account", id };
    const details = { areaCode, outsidePrefix };
    return { result, audits: [auditEvent("service_account.dialling_set", { target, details })] };
  },
});
