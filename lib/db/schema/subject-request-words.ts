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

/** How somebody made sure of who asks. Codes go to the line or address that was recorded; `company_email`: of staff. */
export const identityMethods = [
  "code",
  "code_and_facts",
  "company_email",
  "signature",
  "in_person",
  "mandate",
] as const;
export type IdentityMethod = (typeof identityMethods)[number];

/** A document that somebody saw. Of its number the last three characters are kept; never an image. */
export const seenDocuments = [
  "identity_card",
  "driving_licence",
  "passport",
  "power_of_attorney",
  "birth_certificate",
  "court_order",
  "other",
] as const;

/** What a document that gives the power to represent may be. */
export const mandateTypes = ["application/pdf", "image/jpeg"] as const;
export type MandateType = (typeof mandateTypes)[number];

/** Why a recording was found. See `finding/match-reasons`. */
export const matchReasons = [
  "number_exact",
  "protocol",
  "tax_id",
  "customer_reference",
  "agent",
  "same_call",
  "number_old_mobile",
  "number_unreadable",
  "number_last_digits",
  "same_call_as_candidate",
] as const;
export type MatchReason = (typeof matchReasons)[number];

export const matchDecisions = ["included", "excluded"] as const;

/**
 * What is decided of one recording, or of a right as a whole. `delete_later`: a legal hold or a legal minimum keeps it
 * now, and it is deleted under the same request once nothing does. `anonymise`: the recording goes. `inform`: a text.
 */
export const decisionMeasures = [
  "deliver",
  "withhold",
  "delete",
  "delete_later",
  "anonymise",
  "block",
  "correct",
  "keep",
  "inform",
] as const;
export type DecisionMeasure = (typeof decisionMeasures)[number];

/** How sound is delivered: whole, the person's channel alone, or whole with parts that somebody silenced. */
export const audioForms = ["whole", "subject_channel", "edited"] as const;
export type AudioForm = (typeof audioForms)[number];

/** What became of a decision. `stopped`: a hold or minimum came before it was done; it waits like `delete_later`. */
export const decisionResults = ["done", "stopped"] as const;

/** What a recipient of a recording is told (LGPD Art. 18, § 6). */
export const sharerMeasures = ["deletion", "blocking", "correction", "anonymisation"] as const;
