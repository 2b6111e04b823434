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

/** How a request reached the company. `web`: the public form; all others are registered by hand. */
export const requestChannels = ["web", "phone", "letter", "email", "counter", "procon", "anpd_order"] as const;
export type RequestChannel = (typeof requestChannels)[number];

export const answerChannels = ["email", "phone", "letter", "counter"] as const;
/** Electronic or printed, as the person chooses (LGPD Art. 19, § 2). */
export const answerForms = ["electronic", "printed"] as const;

/** What a person says that recordings may be found by. */
export const identifierKinds = ["number", "tax_id", "protocol", "customer_reference", "email"] as const;
export type IdentifierKind = (typeof identifierKinds)[number];
