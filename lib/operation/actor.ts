/** The actor and the request of an operation. `ipAddress` is set only if a trusted proxy or the socket gives it. */
export type OperationContext = { actor: Actor; requestId: string; ipAddress: string | null };

export const roles = ["admin", "supervisor", "dpo", "auditor"] as const;

export type Role = (typeof roles)[number];

export type UserActor = {
  type: "user";
  userId: string;
  role: Role;
  /** Units of a supervisor; other roles are not limited to units. */
  unitIds: readonly string[];
  sessionId: string;
  /** Signed in with a temporary password: can only change the password and sign out. */
  mustChangePassword?: boolean;
  /** The role needs a second factor and the person has none: can only enrol one and sign out. */
  mustEnrolSecondFactor?: boolean;
  /** Proved who they are within the last ten minutes, by the database's clock. */
  hasFreshProof: boolean;
};

export type ServiceActor = { type: "service"; serviceAccountId: string; apiKeyId: string };

/** Jobs, and commands that an operator runs in the server's terminal. The log names them; they have no id. */
export const jobNames = [
  "retention",
  "reconcile",
  "seal",
  "waveform",
  "playable-copy",
  "derived-audio",
  "envelope",
  "webhook",
  "message",
  "siem-stream",
  "deletion-order",
  "store-scan",
  "number-renewal",
  "format-renewal",
  "agent-names",
  "request-retention",
  "subject-request",
  "control-check",
  "audit-report",
  "alerts",
  "access-review",
  "single-sign-on",
  "account",
  "set-up",
  "users-command",
  "retention-command",
  "deletion-orders-command",
  "store-scan-command",
  "erasures-command",
  "receipts-command",
  "storage-command",
  "audit-command",
  "compliance-command",
] as const;

export type JobActor = { type: "job"; name: (typeof jobNames)[number] };

export type AnonymousActor = { type: "anonymous" };

/** Who acts. Read from the database (or the cron secret) at each request, never from the client's own claims. */
export type Actor = UserActor | ServiceActor | JobActor | AnonymousActor;

/** The principals of the permissions table: the four roles, service accounts, jobs, and anonymous callers. */
export type Principal = Role | "service" | "job" | "anonymous";

export const principals = [...roles, "service", "job", "anonymous"] as const satisfies readonly Principal[];

export function principalOf(actor: Actor): Principal {
  return actor.type === "user" ? actor.role : actor.type;
}

/** The actor's id in the audit log; null for anonymous callers. */
export function actorId(actor: Actor): string | null {
  switch (actor.type) {
    case "user":
      return actor.userId;
    case "service":
      return actor.serviceAccountId;
    case "job":
      return actor.name;
    case "anonymous":
      return null;
  }
}
