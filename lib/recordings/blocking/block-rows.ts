import { and, inArray, isNull } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { playbackGrants, recordingBlocks, recordings } from "@/lib/db/schema";
import { databaseNow, transactionNow } from "@/lib/db/schema/columns";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";

type Blocked = { id: string; unitId: string };

/** `reason` is kept encrypted beside the recording, not in the log. */
type Block = { reason: string; blockedById: string };

/**
 * Suspends every processing of stored recordings that the caller has locked and that are not blocked, and ends the
 * grants to play or download them. The caller appends the events.
 */
export async function blockRows(
  tx: Transaction,
  rows: readonly Blocked[],
  { reason, blockedById }: Block,
): Promise<AuditEventInput<"recording.blocked">[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await tx.update(recordings).set({ blockedAt: transactionNow }).where(inArray(recordings.id, ids));
  const reasonEncrypted = encryptField("recording.block_reason", reason);
  await tx
    .insert(recordingBlocks)
    .values(ids.map((recordingId) => ({ id: newId(), recordingId, reasonEncrypted, blockedById })));
  await tx
    .update(playbackGrants)
    .set({ revokedAt: databaseNow })
    .where(and(inArray(playbackGrants.recordingId, ids), isNull(playbackGrants.revokedAt)));
  return rows.map(({ id, unitId }) => auditEvent("recording.blocked", { target: { type: "recording", id, unitId } }));
}
