import { hash } from "node:crypto";
import canonicalize from "canonicalize";
import { canonicalBytes, signCanonical, type SigningKey } from "@/lib/audit/signing-keys";
import type { Receipt, SignedReceipt } from "@/lib/receipts/receipt-schema";

/** Signs with the key that signs the audit log's seals. */
export function signReceipt(receipt: Receipt, { privateKey }: SigningKey): SignedReceipt {
  return { receipt, signature: signCanonical(receipt, privateKey) };
}

/** SHA-256 in hex of the signed content. The certificate prints it and the log records it. */
export function receiptDigest(receipt: Receipt): string {
  return hash("sha256", canonicalBytes(receipt), "hex");
}

/** The last line of a receipt file; for a single recording it is the whole file. */
export function receiptLine(signed: SignedReceipt): string {
  return `${canonicalize(signed)}\n`;
}
