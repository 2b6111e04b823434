import canonicalize from "canonicalize";
import { sql } from "drizzle-orm";
import type { auditEvents } from "@/lib/db/schema/audit";

export type AuditEventRow = typeof auditEvents.$inferSelect;

/** What the portal knows when it writes the row, and what the HMAC covers. The database adds epoch and transaction id; the seal covers those too. */
export type EventContent = Omit<AuditEventRow, "epoch" | "transactionId" | "hmac">;

/**
 * The one canonical form of what an event says: JSON Canonicalization Scheme (RFC 8785), UTC milliseconds.
 * jsonb reorders keys and JavaScript has no microseconds, so nothing may be hashed as it came.
 */
export function canonicalContent(content: EventContent): string {
  return canonicalize({ ...content, occurredAt: content.occurredAt.toISOString() })!;
}

/** The whole event as one line of canonical JSON: what a seal covers, and what an export consists of. */
export function canonicalEvent(event: { content: string; epoch: string; hmac: Buffer; transactionId: bigint }): string {
  return `{"content":${event.content},"epoch":${JSON.stringify(event.epoch)},"hmac":"${event.hmac.toString("hex")}","transactionId":"${event.transactionId}"}`;
}

const text = (column: string) => `coalesce(to_json(${column})::text, 'null')`;
const uuid = (column: string) => `coalesce('"' || ${column} || '"', 'null')`;

const contentParts = {
  action: text("action"),
  actorId: text("actor_id"),
  actorRole: text("actor_role"),
  actorType: text("actor_type"),
  // Line ends between tokens of a forged text would break a stream of lines; canonical text has none.
  details: `translate(details::text, e'\\n\\r', '  ')`,
  hmacKeyId: text("hmac_key_id"),
  id: uuid("id"),
  ipAddress: text("ip_address"),
  occurredAt: `'"' || to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '"'`,
  outcome: text("outcome"),
  requestId: uuid("request_id"),
  targetId: text("target_id"),
  targetType: text("target_type"),
  unitId: uuid("unit_id"),
  writerId: uuid("writer_id"),
  writerSequence: "writer_sequence",
  writerSettled: "writer_settled",
} satisfies Record<keyof EventContent, string>;

/**
 * SQL for the same line as `canonicalEvent`, made by the database: a million rows are verified or exported without being parsed.
 * Every text goes through `to_json`, so that no value can pass for the next key.
 */
export const canonicalEventSql = [
  `'{"content":{'`,
  ...Object.entries(contentParts).map(([key, value], index) => `'${index === 0 ? "" : ","}"${key}":' || ${value}`),
  `'},"epoch":' || to_json(epoch)::text || ',"hmac":"' || encode(hmac, 'hex') || '","transactionId":"' || transaction_id || '"}'`,
].join(" || ");

/** `canonicalEventSql` for a drizzle select. */
export const canonicalEventColumn = sql<string>`${sql.raw(canonicalEventSql)}`;
