import type { AuditAction, unsuccessful } from "@/lib/operation/audit-actions";
import type { AuditDetails } from "@/lib/db/schema/audit";

export type AuditOutcome = "success" | "denied" | "failure";

/** An event as an operation describes it. Actor, time, request and HMAC are added when it is appended. */
export type AuditEventInput<Action extends AuditAction = AuditAction> = {
  action: Action;
  outcome: Action extends keyof typeof unsuccessful ? AuditOutcome : "success";
  target?: { type: string; id: string; unitId?: string | null };
  /** Ids, codes and counts. Never a name, number, e-mail, free text or file name. */
  details: AuditDetails;
};

/** Describes one event. */
export function auditEvent<Action extends AuditAction>(
  action: Action,
  event: Partial<Omit<AuditEventInput<Action>, "action">> = {},
): AuditEventInput<Action> {
  const success = { action, outcome: "success", details: {} } as AuditEventInput<Action>;
  return { ...success, ...event };
}
