import { asc, eq, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { idList } from "@/lib/db/id-list";
import type { SourceIds } from "@/lib/db/recording-ids";
import { recordings } from "@/lib/db/schema";
import { storedIds, withoutNumbers } from "@/lib/recordings/numbers/source-ids";
import { callKey } from "@/lib/uploads/rounds";

/** A row of one call, locked. */
export type CallRecording = typeof recordings.$inferSelect;

type Call = Pick<SourceIds, "source" | "sourceCallId">;

/**
 * Lets one request at a time add recordings to these calls; held until `tx` ends. Taken before any row is locked, in
 * one order for all.
 */
export async function lockCalls(tx: Transaction, calls: readonly Call[]) {
  const keys = JSON.stringify([...new Set(calls.map(callKey))]);
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('custodia call'), key) from (
    select distinct hashtext(name) as key from jsonb_array_elements_text(${keys}::jsonb) as name order by key
  ) as keys`);
}

/**
 * Locks the recordings of calls that are not deleted, by their ids, as deletions lock them, and reads them: with the
 * rows locked the second statement sees what was committed before. `alsoIds`: these too, also if they were deleted.
 */
export async function lockRecordings(
  tx: Transaction,
  calls: readonly Call[],
  alsoIds: readonly string[] = [],
): Promise<CallRecording[]> {
  // Rows of before numbers in ids were replaced have the id as its sender gives it.
  const asked = calls.flatMap(({ source, sourceCallId }) =>
    [...new Set([withoutNumbers(source, sourceCallId), sourceCallId])].map((callId) => ({ source, call_id: callId })),
  );
  const rows = sql`${recordings.id} in (
    select of_call.id from jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) as asked(source text, call_id text)
      join recordings of_call on of_call.source = asked.source and of_call.source_call_id = asked.call_id
    union all select unnest(${idList(alsoIds)}))`;
  const [, read] = await Promise.all([
    tx.select({ id: recordings.id }).from(recordings).where(rows).orderBy(asc(recordings.id)).for("no key update"),
    tx.select().from(recordings).where(rows).orderBy(asc(recordings.id)),
  ]);
  return read;
}

/** Replaces the numbers in the ids of locked rows that an earlier release wrote, as the renewal job does. */
export async function replaceNumbersInIds(tx: Transaction, rows: readonly CallRecording[]): Promise<void> {
  for (const row of rows) {
    const { id, sourceCallId, sourceRecordingId } = storedIds(row);
    if (row.sourceCallId !== sourceCallId || row.sourceRecordingId !== sourceRecordingId)
      await tx.update(recordings).set({ sourceCallId, sourceRecordingId }).where(eq(recordings.id, id));
  }
}

/** The stored recording of the call with this content. */
export function storedWith(rows: readonly CallRecording[], sha256: Buffer | null): CallRecording | undefined {
  return sha256 === null ? undefined : rows.find((row) => row.state === "stored" && row.sha256?.equals(sha256));
}

/** Whether a recording of the call with this content is being deleted. */
export const isDeletingWith = (rows: readonly CallRecording[], sha256: Buffer | null) =>
  sha256 !== null && rows.some((row) => row.state === "deleting" && row.sha256?.equals(sha256));
