import { sealAuditLog } from "@/lib/audit/seal-audit-log";
import { isAllowed } from "@/lib/operation/permissions";
import { AppError } from "@/lib/core/errors";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStore } from "@/lib/storage/configured-store";

const timeLimitMs = 45_000;

/**
 * One round of sealing and anchoring, for a scheduler. Not a command: an event for each sealing would need another
 * sealing.
 * @throws AppError `forbidden`.
 */
export async function sealCron(context: OperationContext, store = configuredStore()) {
  if (!isAllowed(context.actor, "audit:seal")) throw new AppError("forbidden");
  return sealAuditLog(store, { deadline: Date.now() + timeLimitMs });
}
