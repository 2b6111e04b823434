import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { env } from "@/lib/core/env";

/** The purpose of a digest: the same number has unrelated digests for different purposes. */
export type BlindIndexPurpose =
  | "customer_number"
  | "customer_number_tail"
  | "customer_number_last_four"
  | "number_in_source_id"
  | "protocol"
  | "customer_reference"
  | "tax_id"
  | "agent_name"
  | "recording_search"
  | "sign_in_account"
  | "sign_in_address"
  | "sso_subject"
  | "sso_session"
  | "sso_logout_token"
  | "sign_in_device"
  | "passkey_challenge"
  | "password_reset_account"
  | "password_reset_address"
  | "source_call"
  | "source_recording"
  | "email"
  | "subject_request_form"
  | "subject_request_follow_up"
  | "subject_request_code"
  | "subject_request_address"
  | "subject_request_limit"
  | "subject_request_challenge"
  | "subject_request_mandate";

/**
 * Keyed digest of a normalised value, to find encrypted data by equality. A plain hash of a phone number or CPF could
 * be reversed in seconds by trying all numbers.
 */
export function blindIndex(purpose: BlindIndexPurpose, normalisedValue: string): Buffer {
  return createHmac("sha256", currentKey()).update(`${purpose}\0${normalisedValue}`).digest();
}

let cached: KeyObject | undefined;

/** A KeyObject kept for the life of the process: `createHmac` with raw bytes costs several times more. */
const currentKey = () => (cached ??= createSecretKey(env().BLIND_INDEX_KEY));
