import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { sql } from "drizzle-orm";
import { auditedTransaction, pendingEventsOf, type PendingEvents } from "@/lib/operation/audited-transaction";
import { addressedActions, disclosingActions } from "@/lib/operation/audit-actions";
import type { AuditEventInput } from "@/lib/operation/audit-event";
import { canonicalContent, contentTexts } from "@/lib/operation/canonical-event";
import { actorId, type OperationContext } from "@/lib/operation/actor";
import type { Transaction } from "@/lib/db/client";
import { auditDisclosures } from "@/lib/db/schema/audit";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";

const rowsPerStatement = 1000;

/**
 * Appends events inside the business transaction: they are committed with the change, or not at all.
 * @param tx opened by `auditedTransaction`.
 */
export async function appendAuditEvents(
  tx: Transaction,
  context: OperationContext,
  events: readonly AuditEventInput[],
): Promise<void> {
  const pending = pendingEventsOf(tx);
  for (let start = 0; start < events.length; start += rowsPerStatement) {
    const batch = events.slice(start, start + rowsPerStatement).map((event) => ({ id: newId(), event }));
    const rows = batch.map(({ id, event }) => authenticatedRow(id, event, context, pending));
    pending.transactionId = await insertRows(tx, rows);
    const disclosures = batch.filter(({ event }) => disclosingActions.includes(event.action));
    if (disclosures.length > 0)
      await tx.insert(auditDisclosures).values(disclosures.map(({ id }) => ({ eventId: id })));
  }
}

/** Records events outside a command, such as a refusal. */
export async function recordAuditEvents(
  context: OperationContext,
  ...events: readonly AuditEventInput[]
): Promise<void> {
  await auditedTransaction((tx) => appendAuditEvents(tx, context, events));
}

/**
 * Inserts the rows from the JSON text that the HMAC covers. One statement for any number of rows; parameter lists for
 * each row would be several times slower.
 */
async function insertRows(tx: Transaction, rows: readonly string[]): Promise<bigint> {
  const [inserted] = await tx.execute<{ transactionId: string }>(sql`
    with inserted as (
      insert into audit_events (id, occurred_at, writer_id, writer_sequence, writer_settled,
        actor_type, actor_id, actor_role,
        action, outcome,
        target_type, target_id, unit_id, request_id, ip_address, details, hmac_key_id, hmac)
      select "id", "occurredAt", "writerId", "writerSequence", "writerSettled", "actorType", "actorId", "actorRole",
        "action", "outcome",
        "targetType", "targetId", "unitId", "requestId", "ipAddress", "details", "hmacKeyId", decode("hmac", 'hex')
      from json_to_recordset(${`[${rows.join()}]`}::json) as row ("id" uuid, "occurredAt" timestamptz, "writerId" uuid,
        "writerSequence" bigint,
        "writerSettled" bigint, "actorType" text, "actorId" text, "actorRole" text, "action" text, "outcome" text,
        "targetType" text,
        "targetId" text, "unitId" uuid, "requestId" uuid, "ipAddress" text, "details" json,
        "hmacKeyId" text, "hmac" text)
    ) select pg_current_xact_id()::text as "transactionId"`);
  return BigInt(inserted!.transactionId);
}

/** The canonical content of an event as JSON, with its HMAC as one more key. */
function authenticatedRow(
  id: string,
  event: AuditEventInput,
  { actor, requestId, ipAddress }: OperationContext,
  { writer, numbers }: PendingEvents,
): string {
  const key = currentKey();
  const writerSequence = writer.take();
  numbers.push(writerSequence);
  const content = canonicalContent(
    contentTexts({
      id,
      occurredAt: new Date(),
      writerId: writer.id,
      writerSequence,
      writerSettled: writer.settled,
      actorType: actor.type,
      actorId: actorId(actor),
      actorRole: actor.type === "user" ? actor.role : null,
      action: event.action,
      outcome: event.outcome,
      targetType: event.target?.type ?? null,
      targetId: event.target?.id ?? null,
      unitId: event.target?.unitId ?? null,
      requestId,
      ipAddress: actor.type === "anonymous" && !addressedActions.includes(event.action) ? null : ipAddress,
      details: event.details,
      hmacKeyId: key.id,
    }),
  );
  const hmac = createHmac("sha256", key.secret).update(content).digest("hex");
  return `${content.slice(0, -1)},"hmac":"${hmac}"}`;
}

let cached: { id: string; secret: KeyObject } | undefined;

/** A KeyObject kept for the life of the process: `createHmac` with raw bytes costs several times more. */
function currentKey(): { id: string; secret: KeyObject } {
  if (cached) return cached;
  const [key] = env().AUDIT_HMAC_KEYS;
  return (cached = { id: key.id, secret: createSecretKey(key.secret) });
}
