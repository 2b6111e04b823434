import canonicalize from "canonicalize";
import type { auditEvents } from "@/lib/db/schema/audit";

export type AuditEventRow = typeof auditEvents.$inferSelect;

/** What the HMAC covers: everything the portal knows when it writes the row (the database adds the transaction id, which the seal covers). */
export type AuthenticatedEvent = Omit<AuditEventRow, "transactionId" | "hmac">;

/**
 * The one canonical form of an event: JSON Canonicalization Scheme (RFC 8785), UTC milliseconds.
 * jsonb reorders keys and JavaScript has no microseconds, so nothing may be hashed as it came.
 */
export function canonicalEvent(event: AuthenticatedEvent): string {
  const { occurredAt, ...rest } = event;
  return canonicalize({ ...rest, occurredAt: occurredAt.toISOString() })!;
}
