/** The rights that a person recorded may ask for. Each right of a request is a process with a clock of its own. */
export const requestRights = [
  "confirmation",
  "simplified_access",
  "full_declaration",
  "electronic_copy",
  "sac_recording",
  "sac_history",
  "correction",
  "unnecessary_data",
  "portability",
  "deletion",
  "sharing_information",
  "consent_information",
  "consent_withdrawal",
  "objection",
  "automated_review",
] as const;
export type RequestRight = (typeof requestRights)[number];

export const requesters = ["data_subject", "legal_representative", "attorney", "parent", "heir"] as const;
export type Requester = (typeof requesters)[number];

/** `reopened` and the states before it are work to do. */
export const processStates = [
  "received",
  "verifying_identity",
  "triage",
  "finding",
  "analysing",
  "awaiting_approval",
  "executing",
  "awaiting_subject",
  "forwarded",
  "unverified",
  "reopened",
  "answered",
  "closed",
  "withdrawn",
] as const;
export type ProcessState = (typeof processStates)[number];

export const processOutcomes = ["granted", "partly_granted", "refused", "not_found", "scheduled"] as const;
