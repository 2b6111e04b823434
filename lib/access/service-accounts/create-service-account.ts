import { singleLine } from "@/lib/core/text-input";
import { z } from "zod";
import { auditEvent } from "@/lib/operation/audit-event";
import { serviceAccounts } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";

/**
 * Creates an account for a phone system or an import command. It can only upload, and needs an API key.
 * @throws AppError `name_taken`
 */
export const createServiceAccount = command({
  permission: "service-account:write",
  freshProof: true,
  input: z.object({ name: singleLine(80) }),
  audits: ["service_account.created"],
  run: async ({ tx, input: { name } }) => {
    const id = newId();
    const created = await tx
      .insert(serviceAccounts)
      .values({ id, name })
      .onConflictDoNothing()
      .returning({ id: serviceAccounts.id });
    if (created.length === 0)
      throw new AppError("name_taken", "service account", { fields: [{ path: "name", reason: "name_taken" }] });
    return {
      result: { serviceAccountId: id },
      audits: [auditEvent("service_account.created", { target: { type: "service_account", id } })],
    };
  },
});
