import { pgEnum } from "drizzle-orm/pg-core";

/** pending -> stored -> deleting -> deleted, or pending -> rejected. Each update requires the state before it. */
export const recordingState = pgEnum("recording_state", ["pending", "stored", "deleting", "deleted", "rejected"]);
export const callDirection = pgEnum("call_direction", ["inbound", "outbound", "internal"]);
/**
 * Why nobody may trust the start of a call. `past_retention`, `future`: of a stored recording, as it was when it was
 * stored; `sender`: the sender said so, also of a recording that is not stored yet.
 */
export const dateDoubts = ["past_retention", "future", "sender"] as const;
export const waveformState = pgEnum("waveform_state", ["waiting", "ready", "unavailable"]);

/** What a phone system gave as the customer's number. Null: it gave nothing. */
export const numberKinds = ["number", "withheld", "not_a_number", "not_understood"] as const;
export type NumberKind = (typeof numberKinds)[number];

/** What a sender or a person said; `unknown`: nobody did. */
export const answers = ["yes", "no", "unknown"] as const;

/**
 * How a phone system keeps card data out: it paused the recording, masked the sound, or did neither.
 */
export const cardDataHandlings = ["paused", "masked", "none", "unknown"] as const;

/** What a phone system gave as the customer's CPF or CNPJ. */
export const taxIdKinds = ["cpf", "cnpj", "not_understood"] as const;
export type TaxIdKind = (typeof taxIdKinds)[number];

/** What the store reported about the object when the upload was completed. */
export type StoredEncryption = { algorithm: string; keyId: string | null };

/** What one store removed of a recording, and when a final check found nothing left. ISO 8601, UTC. */
export type StoreDeletionProof = {
  store: string;
  objectKeys: number;
  versionsDeleted: number;
  deleteMarkersDeleted: number;
  unfinishedUploadsAborted: number;
  provedAbsentAt: string;
};
