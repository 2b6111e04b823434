import { and, asc, eq, gt, ne, or, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Transaction } from "@/lib/db/client";
import { recordings, serviceAccounts, units } from "@/lib/db/schema";
import type { SourceIds } from "@/lib/db/recording-ids";
import { diallingColumns, isSender } from "@/lib/recordings/numbers/sender-dialling";
import { storedIds } from "@/lib/recordings/numbers/source-ids";
import { auditEvent, type AuditEventInput } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { numberColumns, numberText, numberVersion } from "@/lib/recordings/customer-number";
import { readNumber, type NumberReading } from "@/lib/core/numbers/number-reading";

const batchSize = 500;

/** Where a pass over the numbers of a unit or sender goes on. */
const position = z.object({ startedAt: z.date(), id: z.uuid() });

/**
 * Reads the next numbers again: of rows that an earlier version of the rules wrote, also in the source's ids, or, with
 * a unit or a service account, of its calls whose number was not understood. An event for each number that now is
 * another one.
 */
export const renewNumbers = command({
  permission: "recording:renew-numbers",
  input: z.object({
    unitId: z.uuid().optional(),
    serviceAccountId: z.uuid().optional(),
    after: position.optional(),
  }),
  audits: ["recording.number_read_again"],
  run: async ({ tx, input: { unitId, serviceAccountId, after } }) => {
    const dialled = dialledBy({ unitId, serviceAccountId });
    const rows = await lockBatch(tx, dialled ? notUnderstood(dialled, after) : ofEarlierVersion, dialled !== null);
    const renewed = rows.map((row) => renew(row));
    if (renewed.length > 0)
      await write(
        tx,
        renewed.map(({ columns }) => columns),
      );
    const last = rows.at(-1);
    const next = rows.length < batchSize || !last ? null : { startedAt: last.startedAt, id: last.id };
    const result = { next, isLeft: !next && !dialled && (await tx.$count(recordings, isOfEarlierVersion)) > 0 };
    const [first, ...others] = renewed.flatMap(({ audits }) => audits);
    return first ? { result, audits: [first, ...others] } : { result, unchanged: true as const };
  },
});

// Literals: PostgreSQL does not match a parameter with a partial index.
const isOfEarlierVersion = sql`coalesce(${recordings.numberVersion}, 1) < 3 and ${recordings.state} <> 'deleted'`;

/**
 * Not uploads under way: their completion looks for deletions of earlier releases by the ids as the sender gave them.
 */
const ofEarlierVersion = sql`${isOfEarlierVersion}
  and (${recordings.state} <> 'pending' or ${recordings.createdAt} < now() - interval '1 day')`;

/** The recordings whose dialling changed; null: all are to be read by new rules. */
function dialledBy({ unitId, serviceAccountId }: { unitId?: string; serviceAccountId?: string }): SQL | null {
  const { uploadedByType, uploadedById } = recordings;
  if (serviceAccountId) return and(eq(uploadedByType, "service"), eq(uploadedById, serviceAccountId))!;
  return unitId ? eq(recordings.unitId, unitId) : null;
}

function notUnderstood(dialled: SQL, after: z.output<typeof position> | undefined): SQL {
  const { startedAt, id } = recordings;
  return and(
    dialled,
    sql`${recordings.numberKind} = 'not_understood'`,
    ne(recordings.state, "deleted"),
    after && or(gt(startedAt, after.startedAt), and(eq(startedAt, after.startedAt), gt(id, after.id))),
  )!;
}

/** Locked by their ids, as deletions lock them. */
async function lockBatch(tx: Transaction, condition: SQL, byStart: boolean) {
  const { id, startedAt, unitId, direction, numberKind, customerNumberEncrypted } = recordings;
  const { source, sourceCallId, sourceRecordingId } = recordings;
  const chosen = tx
    .select({ id })
    .from(recordings)
    .where(condition)
    .orderBy(...(byStart ? [asc(startedAt), asc(id)] : [asc(id)]))
    .limit(batchSize);
  const rows = await tx
    .select({
      ...{ id, startedAt, unitId, direction, numberKind, customerNumberEncrypted },
      ...{ source, sourceCallId, sourceRecordingId },
      ...diallingColumns,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, unitId))
    .leftJoin(serviceAccounts, isSender)
    .where(and(condition, sql`${id} in (${chosen})`))
    .orderBy(asc(id))
    .for("no key update", { of: recordings });
  const order = (row: (typeof rows)[number]) => `${row.startedAt.toISOString()} ${row.id}`;
  return byStart ? rows.toSorted((left, right) => (order(left) < order(right) ? -1 : 1)) : rows;
}

type Row = Awaited<ReturnType<typeof lockBatch>>[number];
type Columns = { id: string } & SourceIds & ReturnType<typeof numberColumns>;

function renew(row: Row): { columns: Columns; audits: AuditEventInput<"recording.number_read_again">[] } {
  const { id, unitId, customerNumberEncrypted: encrypted, numberKind } = row;
  const text = numberText(encrypted);
  const reading = text === null ? null : readAgain(text, row);
  const { source, sourceCallId, sourceRecordingId } = storedIds(row);
  const columns = { id, source, sourceCallId, sourceRecordingId, ...numberColumns(reading) };
  if (isAsBefore(reading, text, numberKind))
    return { columns: { ...columns, customerNumberEncrypted: encrypted }, audits: [] };
  const details = { numberKind: reading!.kind, numberKindBefore: numberKind ?? "number" };
  const event = auditEvent("recording.number_read_again", { target: { type: "recording", id, unitId }, details });
  return { columns, audits: [event] };
}

/** Only rows without a kind, and what was not understood: the others may be what a person has said. */
function readAgain(text: string, row: Row): NumberReading | null {
  const { numberKind: kind } = row;
  if (kind === null || kind === "not_understood") return readNumber(text, row);
  return kind === "number" ? { kind, e164: text } : { kind, written: text };
}

/** Rows of the first version have numbers in E.164 and no kind. */
const isAsBefore = (reading: NumberReading | null, text: string | null, kind: Row["numberKind"]) =>
  reading === null || (reading.kind === "number" ? reading.e164 === text : reading.kind === kind);

/** A release of before and this one stored the same recording at the same time: both are kept. */
const isTaken = sql`exists (select from recordings other where other.source = ${recordings.source}
  and other.source_call_id = renewed.call and other.source_recording_id = renewed.recording
  and other.id <> ${recordings.id})`;

async function write(tx: Transaction, columns: readonly Columns[]): Promise<void> {
  const hex = (value: Buffer | null) => value?.toString("hex") ?? null;
  const rows = JSON.stringify(
    columns.map((row) => ({
      ...{ id: row.id, kind: row.numberKind, encrypted: hex(row.customerNumberEncrypted) },
      ...{ exact: hex(row.customerNumberIndex), tail: hex(row.customerNumberTailIndex) },
      ...{ four: hex(row.numberLastFourIndex), call: row.sourceCallId, recording: row.sourceRecordingId },
    })),
  );
  await tx
    .update(recordings)
    .set({
      numberVersion,
      numberKind: sql`renewed.kind`,
      customerNumberEncrypted: sql`decode(renewed.encrypted, 'hex')`,
      customerNumberIndex: sql`decode(renewed.exact, 'hex')`,
      customerNumberTailIndex: sql`decode(renewed.tail, 'hex')`,
      numberLastFourIndex: sql`decode(renewed.four, 'hex')`,
      sourceCallId: sql`renewed.call`,
      sourceRecordingId: sql`case when ${isTaken} then renewed.recording || '-' || ${recordings.id}
        else renewed.recording end`,
    })
    .from(
      sql`jsonb_to_recordset(${rows}::jsonb)
        as renewed(id uuid, kind text, encrypted text, exact text, tail text, four text, call text, recording text)`,
    )
    .where(sql`${recordings.id} = renewed.id`);
}
