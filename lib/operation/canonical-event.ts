import { sql, type SQL } from "drizzle-orm";
import type { auditEvents } from "@/lib/db/schema/audit";

export type AuditEventRow = typeof auditEvents.$inferSelect;

/**
 * The content that the portal knows when it writes the row; the HMAC covers it. The database adds epoch and transaction
 * id, which the seal covers.
 */
export type EventContent = Omit<AuditEventRow, "epoch" | "transactionId" | "hmac">;

/** The SQL of each column of an event as text, in the order of `EventTexts`. */
const columns = [
  "action",
  "actor_id",
  "actor_role",
  "actor_type",
  "details",
  "hmac_key_id",
  "id",
  "ip_address",
  `to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  "outcome",
  "request_id",
  "target_id",
  "target_type",
  "unit_id",
  "writer_id",
  "writer_sequence",
  "writer_settled",
  "epoch",
  `encode(hmac, 'hex')`,
  "transaction_id",
] as const;

/** The columns of an event as texts; null where the database has null. */
export type EventTexts = readonly (string | null)[];

/** Indexes in `EventTexts` of the columns that are read separately. */
export const place = {
  occurredAt: 8,
  writerId: 14,
  writerSequence: 15,
  writerSettled: 16,
  epoch: 17,
  hmac: 18,
  transactionId: 19,
  count: columns.length,
} as const;

/**
 * The select list for COPY, in the order of `EventTexts`. Time and bytes come as PostgreSQL writes them (ISO, in UTC,
 * and hex), because its functions that format them take half of the time of a COPY; `readEventTexts` converts them.
 */
export const eventCopySql = [...columns]
  .map((column, index) => (index === place.occurredAt ? "occurred_at" : index === place.hmac ? "hmac" : column))
  .join(", ");

/** `EventTexts` as one column of a drizzle select. Not an SQL array: the driver reads its nulls as the text "NULL". */
export const eventTextsColumn: SQL<EventTexts> = sql<EventTexts>`${sql.raw(
  `json_build_array(${columns.map((column) => `(${column})::text`).join(", ")})`,
)}`;

// These values contain nothing that JSON would escape.
// oxlint-disable-next-line no-control-regex -- the control characters are what it looks for
const plain = /^[^"\\\u0000-\u001f]*$/;

function json(text: string | null | undefined): string {
  if (text === null || text === undefined) return "null";
  return plain.test(text) ? `"${text}"` : JSON.stringify(text);
}

/**
 * The canonical form of an event's content: JSON Canonicalization Scheme (RFC 8785), UTC milliseconds. Written key by
 * key for speed: exports and verification convert millions of events. A test compares it with the standard. `details`
 * is text that was canonical when it was written.
 */
export function canonicalContent(texts: EventTexts): string {
  const [
    action,
    actorId,
    actorRole,
    actorType,
    details,
    hmacKeyId,
    id,
    ipAddress,
    occurredAt,
    outcome,
    requestId,
    targetId,
    targetType,
    unitId,
    writerId,
    writerSequence,
    writerSettled,
  ] = texts;
  return (
    `{"action":${json(action)},"actorId":${json(actorId)},"actorRole":${json(actorRole)},` +
    `"actorType":${json(actorType)},"details":${details},` +
    `"hmacKeyId":${json(hmacKeyId)},"id":"${id}","ipAddress":${json(ipAddress)},` +
    `"occurredAt":"${occurredAt}","outcome":${json(outcome)},` +
    `"requestId":"${requestId}","targetId":${json(targetId)},"targetType":${json(targetType)},` +
    `"unitId":${json(unitId)},` +
    `"writerId":"${writerId}","writerSequence":${writerSequence},"writerSettled":${writerSettled}}`
  );
}

/** The whole event as one line: the unit of seals and exports. */
export function canonicalLine(content: string, texts: EventTexts): string {
  return (
    `{"content":${content},"epoch":${json(texts[place.epoch])},` +
    `"hmac":"${texts[place.hmac]}","transactionId":"${texts[place.transactionId]}"}`
  );
}

export function canonicalEvent(texts: EventTexts): string {
  return canonicalLine(canonicalContent(texts), texts);
}

/** The content of a new event as texts. */
export function contentTexts(content: EventContent): EventTexts {
  const { details, occurredAt, writerSequence, writerSettled, ...rest } = content;
  return [
    ...[rest.action, rest.actorId, rest.actorRole, rest.actorType],
    JSON.stringify(details, Object.keys(details).sort()),
    ...[rest.hmacKeyId, rest.id, rest.ipAddress, occurredAt.toISOString(), rest.outcome, rest.requestId],
    ...[rest.targetId, rest.targetType, rest.unitId, rest.writerId, String(writerSequence), String(writerSettled)],
  ];
}
