import { createHmac } from "node:crypto";
import type { AuditEventInput } from "@/lib/audit/audit-event";
import { canonicalEvent } from "@/lib/audit/canonical-event";
import { actorId } from "@/lib/auth/actor";
import type { Transaction } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { env } from "@/lib/env";
import { newId } from "@/lib/new-id";
import type { OperationContext } from "@/lib/operation";

const writerId = newId();
let writerSequence = 0;

/** Appends events inside the business transaction: they are committed with the change, or not at all. */
export async function appendAuditEvents(tx: Transaction, context: OperationContext, events: readonly AuditEventInput[]): Promise<void> {
  const [key] = env().AUDIT_HMAC_KEYS;
  const { actor } = context;
  const rows = events.map((event) => {
    const row = {
      id: newId(),
      epoch: "1",
      occurredAt: new Date(),
      writerId,
      writerSequence: ++writerSequence,
      actorType: actor.type,
      actorId: actorId(actor),
      actorRole: actor.type === "user" ? actor.role : null,
      action: event.action,
      outcome: event.outcome,
      targetType: event.target?.type ?? null,
      targetId: event.target?.id ?? null,
      unitId: event.target?.unitId ?? null,
      requestId: context.requestId,
      ipAddress: actor.type === "anonymous" ? null : context.ipAddress,
      details: event.details,
      hmacKeyId: key.id,
    };
    return { ...row, hmac: createHmac("sha256", key.secret).update(canonicalEvent(row)).digest() };
  });
  await tx.insert(auditEvents).values(rows);
}
