import { randomBytes } from "node:crypto";

const secretBytes = 32;

/** A new signing secret in the form of Standard Webhooks: `whsec_` and 256 random bits in base64. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(secretBytes).toString("base64")}`;
}
