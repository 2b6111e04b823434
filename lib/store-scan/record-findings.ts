import { sql } from "drizzle-orm";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import type { Transaction } from "@/lib/db/client";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import { recordings } from "@/lib/db/schema/recordings";
import { databaseNow } from "@/lib/db/schema/columns";
import { storeKinds, type FoundDiscrepancy } from "@/lib/store-scan/found-discrepancy";
import { newId } from "@/lib/core/new-id";
import { idList } from "@/lib/db/id-list";

type Recorded = {
  id: string;
  kind: string;
  recording_id: string | null;
  facts: FoundDiscrepancy["facts"];
  is_new: boolean;
};

/**
 * Saves the discrepancies of a step. A known one is seen again and stays acknowledged while its facts are equal; a new
 * one gets an event.
 * @param startedAt of the scan: if two stores show the same object, the facts of the first stay.
 */
export async function recordFindings(
  tx: Transaction,
  startedAt: Date,
  found: readonly FoundDiscrepancy[],
): Promise<AuditEventInput<"store_scan.discrepancy_found">[]> {
  const units = await lockRecordings(tx, found);
  const isStillTrue = ({ kind, recordingId }: FoundDiscrepancy) =>
    recordingId === null ||
    units.get(recordingId)?.state === "stored" ||
    !(storeKinds as readonly string[]).includes(kind);
  const rows = [
    ...new Map(
      found
        .filter(isStillTrue)
        .map((one) => [`${one.kind} ${one.objectKey ?? one.recordingId}`, { id: newId(), ...one }]),
    ).values(),
  ];
  if (rows.length === 0) return [];
  const known = sql.raw(`"store_scan_findings"`);
  const seenInRun = sql`${known}.last_seen_at >= ${startedAt.toISOString()}::timestamptz`;
  const recorded = await tx.execute<Recorded>(sql`
    insert into ${storeScanFindings} (id, kind, object_key, recording_id, facts, last_seen_at)
    select id, kind, "objectKey", "recordingId", facts, ${databaseNow}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as seen(id uuid, kind text, "objectKey" text, "recordingId" uuid, facts jsonb)
    on conflict (kind, (coalesce(object_key, recording_id::text))) where resolved_at is null
    do update set last_seen_at = excluded.last_seen_at,
      facts = case when ${seenInRun} then ${known}.facts else excluded.facts end,
      acknowledged_at = case when ${seenInRun} or ${known}.facts = excluded.facts then ${known}.acknowledged_at end
    returning id, kind, recording_id, facts, xmax = 0 as is_new`);
  return recorded
    .filter(({ is_new }) => is_new)
    .map(({ id, kind, recording_id, facts }) =>
      auditEvent("store_scan.discrepancy_found", {
        outcome: "failure",
        ...aboutFinding(id, recording_id, units.get(recording_id ?? "")?.unitId),
        details: { kind, ...(recording_id === null ? {} : { findingId: id }), ...withoutKeys(facts) },
      }),
    );
}

/** A key id of a key service names its account, so it stays with the finding, which fewer people read than the log. */
function withoutKeys({
  expectedKeyId: _,
  foundKeyId: __,
  ...facts
}: FoundDiscrepancy["facts"]): FoundDiscrepancy["facts"] {
  return facts;
}

/** The target is the recording where there is one, so that its history has the event. */
export function aboutFinding(
  findingId: string,
  recordingId: string | null,
  unitId: string | null | undefined,
): { target: NonNullable<AuditEventInput["target"]> } {
  return {
    target:
      recordingId === null
        ? { type: "store_scan_finding", id: findingId }
        : { type: "recording", id: recordingId, unitId },
  };
}

/** Locks the recordings to read their state again: a deletion that started meanwhile is no discrepancy. */
async function lockRecordings(
  tx: Transaction,
  found: readonly FoundDiscrepancy[],
): Promise<Map<string, { state: string; unitId: string }>> {
  const ids = [...new Set(found.flatMap(({ recordingId }) => recordingId ?? []))];
  if (ids.length === 0) return new Map();
  const { id, state, unitId } = recordings;
  const rows = await tx
    .select({ id, state, unitId })
    .from(recordings)
    .where(sql`${id} = any(${idList(ids)})`)
    .orderBy(id)
    .for("key share");
  return new Map(rows.map((row) => [row.id, row]));
}
