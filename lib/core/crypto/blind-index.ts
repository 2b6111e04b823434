import { createHmac } from "node:crypto";
import { env } from "@/lib/core/env";

/** What a digest is of: the same number gives unrelated digests for different purposes. */
export type BlindIndexPurpose =
  | "customer_number"
  | "customer_number_tail"
  | "sign_in_account"
  | "sign_in_address"
  | "source_call";

/**
 * Keyed digest of a normalised value, to find encrypted data by equality. A plain hash of a phone
 * number or CPF can be enumerated in seconds; this cannot without the key.
 */
export function blindIndex(purpose: BlindIndexPurpose, normalisedValue: string): Buffer {
  return createHmac("sha256", env().BLIND_INDEX_KEY).update(`${purpose}\0${normalisedValue}`).digest();
}
