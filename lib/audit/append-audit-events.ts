import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { auditedTransaction, pendingEventsOf, type PendingEvents } from "@/lib/audit/audited-transaction";
import type { AuditEventInput } from "@/lib/audit/audit-event";
import { canonicalContent } from "@/lib/audit/canonical-event";
import { actorId } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { env } from "@/lib/env";
import { newId } from "@/lib/new-id";
import type { OperationContext } from "@/lib/operation";

/** Keeps a statement well below the 65,535 parameters that PostgreSQL takes. */
const rowsPerStatement = 1000;

/**
 * Appends events inside the business transaction: they are committed with the change, or not at all.
 * @param tx opened by `auditedTransaction`.
 */
export async function appendAuditEvents(tx: Transaction, context: OperationContext, events: readonly AuditEventInput[]): Promise<void> {
  const pending = pendingEventsOf(tx);
  for (let start = 0; start < events.length; start += rowsPerStatement) {
    const rows = events.slice(start, start + rowsPerStatement).map((event) => describe(event, context, pending));
    const inserted = await tx.insert(auditEvents).values(rows).returning({ transactionId: auditEvents.transactionId });
    pending.transactionId = inserted[0]!.transactionId;
  }
}

/** Records what happened outside any command: a refusal, the start of an epoch. */
export async function recordAuditEvents(context: OperationContext, ...events: readonly AuditEventInput[]): Promise<void> {
  await auditedTransaction((tx) => appendAuditEvents(tx, context, events));
}

function describe(event: AuditEventInput, { actor, requestId, ipAddress }: OperationContext, { writer, numbers }: PendingEvents) {
  const key = currentKey();
  const writerSequence = writer.take();
  numbers.push(writerSequence);
  const content = {
    id: newId(),
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
    ipAddress: actor.type === "anonymous" ? null : ipAddress,
    details: event.details,
    hmacKeyId: key.id,
  };
  return { ...content, hmac: createHmac("sha256", key.secret).update(canonicalContent(content)).digest() };
}

let cached: { id: string; secret: KeyObject } | undefined;

/** A KeyObject kept for the life of the process: `createHmac` with raw bytes costs several times more. */
function currentKey(): { id: string; secret: KeyObject } {
  if (cached) return cached;
  const [key] = env().AUDIT_HMAC_KEYS;
  return (cached = { id: key.id, secret: createSecretKey(key.secret) });
}
