import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { findKey } from "@/lib/core/crypto/key-list";
import { env } from "@/lib/core/env";

/** The column of a ciphertext. It is authenticated, so that a value cannot be moved to another column. */
export type FieldName =
  | "recording.customer_number"
  | "recording.protocol"
  | "recording.customer_reference"
  | "recording.tax_id"
  | "recording.block_reason"
  | "agent.name"
  | "approval.decision_reason"
  | "alert.note"
  | "governance_document.content"
  | "incident.circumstances"
  | "incident.risks"
  | "incident.measures"
  | "incident.notice_reason"
  | "incident.notice_reference"
  | "incident.notice_text"
  | "audit_search.ip_address"
  | "service_account.webhook_secret"
  | "sso_try.secrets"
  | "sso_login.tokens"
  | "session.address"
  | "user.totp_secret"
  | "message.recipient"
  | "message.data"
  | "message.reply"
  | "subject_request.subject_name"
  | "subject_request.requester_name"
  | "subject_request.authority_reference"
  | "subject_request.words"
  | "subject_request.answer_address"
  | "subject_request.identifier"
  | "subject_request.reason"
  | "subject_request.identity_note"
  | "subject_request.document_tail"
  | "subject_request.match_reason"
  | "subject_request.decision_fact"
  | "subject_request.answer_content"
  | "subject_request.answer_pdf"
  | "subject_request.mandate"
  | "subject_request.sharer"
  | "subject_request.sharer_reason";

const version = 1;
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Encrypts personal data for a database column: AES-256-GCM.
 * Layout: version (1) | key id length (1) | key id | nonce (12) | tag (16) | ciphertext.
 */
export function encryptField(field: FieldName, text: string): Buffer {
  const [key] = env().FIELD_ENCRYPTION_KEYS;
  const header = Buffer.concat([Buffer.from([version, key.id.length]), Buffer.from(key.id, "latin1")]);
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key.secret, nonce);
  cipher.setAAD(Buffer.concat([header, Buffer.from(field)]));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
}

/** @throws Error if the value was altered, belongs to another field, or its key was removed. */
export function decryptField(field: FieldName, value: Buffer): string {
  if (value[0] !== version) throw new Error("unknown field encryption version");
  const headerBytes = 2 + value[1]!;
  const header = value.subarray(0, headerBytes);
  const key = findKey(env().FIELD_ENCRYPTION_KEYS, header.subarray(2).toString("latin1"));
  const nonce = value.subarray(headerBytes, headerBytes + nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", key.secret, nonce, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.concat([header, Buffer.from(field)]));
  decipher.setAuthTag(value.subarray(headerBytes + nonceBytes, headerBytes + nonceBytes + tagBytes));
  return (
    decipher.update(value.subarray(headerBytes + nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
  );
}
