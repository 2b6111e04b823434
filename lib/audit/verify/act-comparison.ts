import { sql, type SQL } from "drizzle-orm";
import { signedNames } from "@/lib/audit/event-filters";
import type { Findings } from "@/lib/audit/verify/finding";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { erasureLedger } from "@/lib/db/schema/deletion";
import { playbackGrants } from "@/lib/db/schema/playback";
import { recordings } from "@/lib/db/schema/recordings";
import type { AuditAction } from "@/lib/operation/audit-actions";

const rowsPerRead = 1000;

/** What leaves a row beside its event. No operation removes such a row: an erasure empties columns and keeps it. */
export type ActKind = "playback_grant" | "deleted_recording" | "erasure_ledger_entry";

/** A row or an event of the snapshot, and whether it has its counterpart. */
type Compared = { id: string; cursor: string; isMatched: boolean };

const uuidPattern = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

/** A value in the details of an event `e`. By pattern: somebody may have put there what PostgreSQL reads as no JSON. */
const detail = (name: string, pattern: string) =>
  sql`substring(e.details::text from ${sql.raw(`'"${name}":"?(${pattern})'`)})`;

const isNamed = (...actions: AuditAction[]) =>
  sql`e.action in (${sql.join(
    signedNames(actions).map((name) => sql`${name}`),
    sql`, `,
  )})`;

const hasEvent = (...conditions: SQL[]) =>
  sql`exists (select 1 from ${auditEvents} e where ${sql.join(conditions, sql` and `)})`;

const grantId = detail("grantId", uuidPattern);
const ledgerSequence = detail("ledgerSequence", "[0-9]{1,15}");
const targetUuid = sql`substring(e.target_id from ${sql.raw(`'^${uuidPattern}$'`)})::uuid`;
const recordingId = sql.raw(`'"recordingId":"(${uuidPattern})"'`);

/**
 * Compares acts with their events, both ways: who deletes an event before its seal must know of its row, too. Reads
 * page by page; the memory that it takes does not grow with the log.
 */
export async function compareActs(db: ReadDatabase, findings: Findings): Promise<void> {
  for (const [kind, page] of Object.entries(rowPages) as [ActKind, Page][])
    for await (const { id } of unmatched((after) => page(db, after)))
      findings.add({ code: "act_without_event", act: { kind, id }, detail: `${kind} ${id} has no event` });
  for (const { action, kind, actId, hasRow } of eventSources)
    for (const name of signedNames([action])) {
      const page = (after: string | null) => eventPage(db, { name, actId, hasRow }, after);
      for await (const { id, act } of unmatched(page)) {
        const [eventId, of] = [id, act ?? "unknown"];
        const found = { eventId, act: { kind, id: of }, detail: `tells of ${kind} ${of}, which does not exist` };
        findings.add({ code: "event_without_act", ...found });
      }
    }
}

type Page<Row extends Compared = Compared> = (db: ReadDatabase, after: string | null) => Promise<Row[]>;

async function* unmatched<Row extends Compared>(read: (after: string | null) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let after: string | null = null; ;) {
    const rows: Row[] = await read(after);
    yield* rows.filter(({ isMatched }) => !isMatched);
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)!.cursor;
  }
}

const firstUuid = "00000000-0000-0000-0000-000000000000";

// Table names are written out: drizzle omits them in a select from a single table.
const rowPages: Record<ActKind, Page> = {
  playback_grant: (db, after) => {
    const isGranted = isNamed("recording.play_granted", "recording.download_granted");
    const ofGrant = sql`e.target_id = r.recording_id::text and ${grantId} = r.id::text`;
    return rowPage(db, {
      ...{ table: sql`${playbackGrants} r`, key: sql`r.id`, isMatched: hasEvent(ofGrant, isGranted) },
      where: sql`r.id > ${after ?? firstUuid}::uuid`,
    });
  },
  deleted_recording: (db, after) =>
    rowPage(db, {
      ...{ table: sql`${recordings} r`, key: sql`r.id` },
      isMatched: hasEvent(sql`e.target_id = r.id::text`, isNamed("recording.deleted")),
      where: sql`r.id > ${after ?? firstUuid}::uuid and r.state = 'deleted'`,
    }),
  // An entry that a restored database took over from the store may name recordings of which it has no row.
  erasure_ledger_entry: (db, after) => {
    const ofEntry = sql`e.target_id = r.sequence::text and e.target_type = 'erasure_ledger'`;
    const isDeleted = hasEvent(sql`e.target_id = erased.found[1]`, isNamed("recording.deleted"));
    return rowPage(db, {
      ...{ table: sql`${erasureLedger} r`, key: sql`r.sequence` },
      isMatched: sql`(${hasEvent(ofEntry, isNamed("erasure_ledger.replayed"))} or not exists (
        select 1 from regexp_matches(r.body, ${recordingId}, 'g') erased (found) where not ${isDeleted}))`,
      where: sql`r.sequence > ${after ?? "0"}::bigint`,
    });
  },
};

function rowPage(
  db: ReadDatabase,
  { table, key, isMatched, where }: { table: SQL; key: SQL; isMatched: SQL; where: SQL },
): Promise<Compared[]> {
  const id = sql<string>`${key}::text`;
  return db
    .select({ id, cursor: id, isMatched: sql<boolean>`${isMatched}` })
    .from(table)
    .where(where)
    .orderBy(key)
    .limit(rowsPerRead);
}

type EventSource = { action: AuditAction; kind: ActKind; actId: SQL; hasRow: SQL };

const ofGrant = {
  kind: "playback_grant",
  actId: grantId,
  hasRow: sql`exists (select 1 from ${playbackGrants} r where r.id = ${grantId}::uuid)`,
} as const;

const eventSources: readonly EventSource[] = [
  { action: "recording.play_granted", ...ofGrant },
  { action: "recording.download_granted", ...ofGrant },
  {
    action: "recording.deleted",
    kind: "deleted_recording",
    actId: sql`e.target_id`,
    hasRow: sql`exists (select 1 from ${recordings} r where r.id = ${targetUuid} and r.state = 'deleted')`,
  },
  {
    action: "recording.deleted",
    kind: "erasure_ledger_entry",
    actId: ledgerSequence,
    hasRow: sql`exists (select 1 from ${erasureLedger} r where r.sequence = ${ledgerSequence}::bigint)`,
  },
];

/** The events of one kind in the order of their index. One that names no act, as of earlier releases, is matched. */
async function eventPage(
  db: ReadDatabase,
  { name, actId, hasRow }: { name: string; actId: SQL; hasRow: SQL },
  after: string | null,
): Promise<(Compared & { act: string | null })[]> {
  const [occurredAt = "-infinity", id = firstUuid] = after?.split("|") ?? [];
  return db
    .select({
      id: sql<string>`e.id::text`,
      cursor: sql<string>`e.occurred_at::text || '|' || e.id::text`,
      act: sql<string | null>`${actId}`,
      isMatched: sql<boolean>`(${actId} is null or ${hasRow})`,
    })
    .from(sql`${auditEvents} e`)
    .where(sql`e.action = ${name} and (e.occurred_at, e.id) > (${occurredAt}::timestamptz, ${id}::uuid)`)
    .orderBy(sql`e.occurred_at, e.id`)
    .limit(rowsPerRead);
}
