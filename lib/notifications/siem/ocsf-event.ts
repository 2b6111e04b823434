import type { AuditDetails } from "@/lib/db/schema/audit";
import type { SealedEvent } from "@/lib/notifications/siem/sealed-events";

export const ocsfVersion = "1.5.0";

/** The content of an event's line. */
export type LoggedEvent = {
  content: {
    action: string;
    actorId: string | null;
    actorRole: string | null;
    actorType: "user" | "service" | "job" | "anonymous";
    details: AuditDetails;
    id: string;
    ipAddress: string | null;
    occurredAt: string;
    outcome: "success" | "denied" | "failure";
    requestId: string;
    targetId: string | null;
    targetType: string | null;
    unitId: string | null;
  };
};

type Activity = { classUid: 3001 | 3002 | 6003; id: number; name: string };

const classes = {
  3001: { name: "Account Change", category: "Identity & Access Management" },
  3002: { name: "Authentication", category: "Identity & Access Management" },
  6003: { name: "API Activity", category: "Application Activity" },
} as const;

const activity = (classUid: Activity["classUid"], id: number, name: string): Activity => ({ classUid, id, name });

/** Actions that OCSF has a class for. */
const namedActivities: Readonly<Record<string, Activity>> = {
  "session.started": activity(3002, 1, "Logon"),
  "session.start_failed": activity(3002, 1, "Logon"),
  "session.start_locked": activity(3002, 1, "Logon"),
  "session.ended": activity(3002, 2, "Logoff"),
  "user.created": activity(3001, 1, "Create"),
  "user.updated": activity(3001, 99, "Update"),
  "user.reactivated": activity(3001, 2, "Enable"),
  "user.deactivated": activity(3001, 5, "Disable"),
  "user.password_reset": activity(3001, 4, "Password Reset"),
  "account.password_changed": activity(3001, 3, "Password Change"),
  "account.password_reset": activity(3001, 3, "Password Change"),
  "account.invitation_accepted": activity(3001, 3, "Password Change"),
  "account.sessions_ended": activity(3002, 2, "Logoff"),
  "user.sessions_ended": activity(3002, 2, "Logoff"),
  "session.second_step_asked": activity(3002, 99, "Second Step"),
  "second_factor.proof_given": activity(3002, 99, "Proof"),
  "second_factor.proof_failed": activity(3002, 99, "Proof"),
  "second_factor.recovery_code_used": activity(3002, 99, "Proof"),
  "second_factor.counter_refused": activity(3002, 99, "Proof"),
  "second_factor.enrolled": activity(3001, 10, "MFA Factor Enable"),
  "second_factor.removed": activity(3001, 11, "MFA Factor Disable"),
  "second_factor.reset": activity(3001, 11, "MFA Factor Disable"),
  "service_account.created": activity(3001, 1, "Create"),
  "service_account.reactivated": activity(3001, 2, "Enable"),
  "service_account.deactivated": activity(3001, 5, "Disable"),
};

/** The last word of any other action, by its activity in API Activity; every other word is an update. */
export const apiVerbs = {
  create: "added asked attached created granted issued made ordered placed raised registered requested stored",
  read: "checked downloaded exported played reported searched taken verified",
  delete: "deleted emptied removed revoked swept",
} as const;

const verbsOf = (verb: keyof typeof apiVerbs) => apiVerbs[verb].split(" ");

/** The OCSF class and activity of an action. */
export function ocsfActivity(action: string): Activity {
  const named = Object.hasOwn(namedActivities, action) ? namedActivities[action] : undefined;
  if (named) return named;
  const word = action.split(/[._]/).at(-1)!;
  if (verbsOf("create").includes(word)) return activity(6003, 1, "Create");
  if (verbsOf("read").includes(word)) return activity(6003, 2, "Read");
  return verbsOf("delete").includes(word) ? activity(6003, 4, "Delete") : activity(6003, 3, "Update");
}

/** 1 informational, 2 low, 3 medium. */
const severities = {
  success: { severity_id: 1, severity: "Informational" },
  failure: { severity_id: 2, severity: "Low" },
  denied: { severity_id: 3, severity: "Medium" },
} as const;

const person = { type_id: 1, type: "User" } as const;
const system = { type_id: 3, type: "System" } as const;
const userTypes = { user: person, service: system, job: system, anonymous: { type_id: 0, type: "Unknown" } } as const;

/** A sealed event in OCSF (docs/siem.md). Holds nothing that its line does not. */
export function ocsfEvent({ line, sealedAt }: Pick<SealedEvent, "line" | "sealedAt">) {
  const { content } = JSON.parse(line) as LoggedEvent;
  const { action, actorType, actorId, actorRole, outcome, targetId, targetType, unitId } = content;
  const { classUid, id, name } = ocsfActivity(action);
  const isSuccess = outcome === "success";
  const groups = actorRole === null ? {} : { groups: [{ name: actorRole }] };
  const actor = { uid: actorId ?? "anonymous", ...userTypes[actorType], ...groups };
  const user = targetId === null ? actor : { uid: targetId };
  const group = unitId === null ? {} : { group: { uid: unitId } };
  const resources = targetId === null ? {} : { resources: [{ type: targetType, uid: targetId, ...group }] };
  return {
    ...{ activity_id: id, activity_name: name, class_uid: classUid, class_name: classes[classUid].name },
    ...{ category_uid: Math.floor(classUid / 1000), category_name: classes[classUid].category },
    ...{ type_uid: classUid * 100 + id, time: Date.parse(content.occurredAt), ...severities[outcome] },
    ...{ status_id: isSuccess ? 1 : 2, status: isSuccess ? "Success" : "Failure", status_code: outcome },
    metadata: {
      ...{ version: ocsfVersion, uid: content.id, event_code: action, correlation_uid: content.requestId },
      ...{ logged_time: sealedAt.getTime(), log_name: "audit" },
      product: { name: "Custodia", vendor_name: "Custodia" },
    },
    actor: { user: actor },
    src_endpoint: content.ipAddress === null ? { svc_name: "custodia" } : { ip: content.ipAddress },
    // `service`: one of the endpoints that a sign-in must name.
    ...(classUid === 6003
      ? { api: { operation: action, request: { uid: content.requestId } }, ...resources }
      : { user, service: { name: "Custodia" } }),
    unmapped: content.details,
  };
}
