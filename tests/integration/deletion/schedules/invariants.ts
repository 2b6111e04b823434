import { existsSync } from "node:fs";
import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings, retentionMoves } from "@/lib/db/schema";
import { idList } from "@/lib/db/id-list";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { readStoredText } from "@/lib/deletion/ledger/stored-ledger";
import { ledgerKey, parseLedgerBody } from "@/lib/deletion/ledger/ledger-entry";
import { localMidnight, storePath } from "../../../support/recordings";
import { permitOf, type ModelRecording, type Permit } from "./model";
import type { Schedule } from "./world";

type Row = Pick<typeof recordings.$inferSelect, "id" | "state" | "deletionReason" | "retainUntil" | "minimumUntil">;

export const permitsOf = (schedules: readonly Schedule[]): Map<string, Permit> =>
  new Map(
    schedules.flatMap(({ recordings: all, isUnderChange }) =>
      all.map((recording) => [recording.id, permitOf(recording, isUnderChange)] as const),
    ),
  );

const all = (schedules: readonly Schedule[]) =>
  schedules.flatMap((schedule) => schedule.recordings.map((recording) => ({ schedule, recording })));

async function rowsOf(schedules: readonly Schedule[]): Promise<Map<string, Row>> {
  const { id, state, deletionReason, retainUntil, minimumUntil } = recordings;
  const ids = idList(all(schedules).map(({ recording }) => recording.id));
  const rows = await database()
    .select({ id, state, deletionReason, retainUntil, minimumUntil })
    .from(recordings)
    .where(sql`${id} = any(${ids})`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** A policy change ends when a run has recalculated its recordings. */
async function noteFinishedMoves(schedules: readonly Schedule[]): Promise<void> {
  const open = new Set(
    (
      await database()
        .select({ unitId: retentionMoves.unitId })
        .from(retentionMoves)
        .where(sql`${retentionMoves.finishedAt} is null`)
    ).map(({ unitId }) => unitId),
  );
  for (const schedule of schedules) schedule.isUnderChange &&= open.has(schedule.unitId);
}

/** Compares the rows and both folders after a step with what was permitted before or after it. Returns complaints. */
export async function complaintsOfStep(
  schedules: readonly Schedule[],
  before: ReadonlyMap<string, Permit>,
  copyFolder: string,
): Promise<string[]> {
  await noteFinishedMoves(schedules);
  const [rows, after] = [await rowsOf(schedules), permitsOf(schedules)];
  const complaints: string[] = [];
  for (const { schedule, recording } of all(schedules)) {
    const row = rows.get(recording.id)!;
    const say = (what: string) =>
      complaints.push(`seed ${schedule.seed}, recording ${recording.name}: ${what} [${schedule.history.join(", ")}]`);
    if (row.state !== recording.state)
      sayUnlawful(recording, row, [before.get(recording.id)!, after.get(recording.id)!], say);
    if (recording.state === "deleting" && row.state === "stored") noteBroughtBack(recording, row);
    recording.state = row.state as ModelRecording["state"];
    recording.mustGo &&= after.get(recording.id)!.deletion;
    if (recording.holds.size > 0 && row.state !== "stored") say(`held, and ${row.state}`);
    const files = filesOf(recording, copyFolder).map((file) => existsSync(file));
    if (row.state === "stored" && files.includes(false)) say("stored, and a file is gone");
    if (row.state === "deleted" && files.includes(true)) say("deleted, and a file is left");
    if (row.state === "stored" && !schedule.isUnderChange) sayWrongDates(recording, row, say);
  }
  return complaints;
}

/** How many recordings holds have brought back; the test requires that some were. */
export const broughtBack = { count: 0 };

/** A minimum that was lowered while a recording was marked may or may not have reached it before the marking. */
function noteBroughtBack(recording: ModelRecording, { minimumUntil }: Row): void {
  broughtBack.count += 1;
  const kept = recording.minimumBefore;
  if (kept === undefined || kept === null || minimumUntil?.getTime() !== localMidnight(kept + 1).getTime()) return;
  recording.minimumEnds = kept;
  recording.needEnds = Math.max(recording.needEnds, kept);
}

const order = ["stored", "deleting", "deleted"];

/** It left custody in this step, which must have been permitted before or after the step. */
function sayUnlawful(
  recording: ModelRecording,
  { state, deletionReason }: Row,
  permits: Permit[],
  say: (what: string) => void,
): void {
  // Only a hold brings a recording back, and only before its erasure. Every stored recording must have its files.
  const isBack = recording.state === "deleting" && state === "stored" && recording.holds.size > 0;
  if (order.indexOf(state) < order.indexOf(recording.state) && !isBack) say(`${recording.state} became ${state}`);
  if (recording.state !== "stored") return;
  const allowed = permits.some(({ deletion, retention }) =>
    deletionReason === "retention_expired" ? retention : deletion,
  );
  if (!allowed) say(`deleted by ${deletionReason} while that was forbidden`);
  if (deletionReason === "deletion_order" && !recording.ordered) say("deleted by a deletion order that nobody ordered");
  if (deletionReason === "erasure" && !recording.erased) say("erased without a request");
}

function sayWrongDates(
  { minimumEnds, needEnds }: ModelRecording,
  { minimumUntil, retainUntil }: Row,
  say: (what: string) => void,
): void {
  const at = (ends: number | null) => (ends === null ? null : localMidnight(ends + 1).getTime());
  if (at(minimumEnds) !== (minimumUntil?.getTime() ?? null))
    say(`the minimum ends ${minimumUntil?.toISOString()}, should in ${minimumEnds} days`);
  if (at(needEnds) !== retainUntil!.getTime()) say(`goes ${retainUntil!.toISOString()}, should in ${needEnds} days`);
}

const filesOf = ({ keys }: ModelRecording, copyFolder: string) =>
  keys.flatMap((key) => [storePath(), copyFolder].map((folder) => objectPath(folder, key)));

/**
 * After the faults and all runs: nothing is half deleted, nothing past its date remains, and every order is carried
 * out.
 */
export function complaintsOfEnd(schedules: readonly Schedule[]): string[] {
  return all(schedules).flatMap(({ schedule, recording }) => {
    const { retention } = permitOf(recording, schedule.isUnderChange);
    const late = recording.state === "deleting" || (recording.state === "stored" && (retention || recording.mustGo));
    if (!late) return [];
    const history = schedule.history.join(", ");
    return [
      `seed ${schedule.seed}, recording ${recording.name}: ${recording.state} at the end instead of gone [${history}]`,
    ];
  });
}

/** All leftovers of deleted recordings, and all deletions that were not recorded exactly once. */
export async function complaintsOfDeletions(): Promise<Record<string, unknown>[]> {
  return database().execute(sql`
    with told as (
      select target_id, count(*) filter (where action = 'recording.deleted') as deleted,
        count(*) filter (where action = 'recording.marked_for_deletion')
          - count(*) filter (where action = 'recording.deletion_stopped') as marked
      from audit_events
      where action in ('recording.marked_for_deletion', 'recording.deletion_stopped', 'recording.deleted')
      group by target_id),
    listed as (
      select erasure ->> 'recordingId' as id, count(*) as entries
      from erasure_ledger, jsonb_array_elements(body::jsonb -> 'entry' -> 'erasures') as erasure group by 1)
    select recording.id, recording.state, marked, told.deleted, entries, deletion_proof
    from recordings as recording
    left join told on target_id = recording.id::text left join listed on listed.id = recording.id::text
    where case recording.state
      when 'deleted' then marked is distinct from 1 or told.deleted is distinct from 1 or entries is distinct from 1
        or jsonb_array_length(deletion_proof) is distinct from 2
        or num_nonnulls(agent_id, customer_number_encrypted, customer_number_index, customer_number_tail_index,
          object_key, object_version_id, object_etag, encryption) > 0
        or source_call_id not like 'deleted:%' or source_recording_id not like 'deleted:%'
        or exists (select from recording_waveforms as waveform where waveform.recording_id = recording.id)
      when 'stored' then coalesce(marked, 0) <> 0 or coalesce(told.deleted, 0) <> 0 or entries is not null
        or num_nulls(agent_id, customer_number_encrypted, customer_number_index, customer_number_tail_index,
          object_key, object_etag, encryption) > 0
        or not exists (select from recording_waveforms as waveform where waveform.recording_id = recording.id)
      else true end`);
}

/** A call is refused as a whole once an erasure has left nothing of it, and only then. */
export async function complaintsOfCalls(): Promise<Record<string, unknown>[]> {
  return database().execute(sql`
    with calls as (
      select uploaded_by_id as call, bool_and(state = 'deleted') as gone,
        bool_and(deletion_reason = 'erasure') as all_erased, bool_or(deletion_reason = 'erasure') as one_erased,
        bool_or(source_call_id in (select call_id from suppressed_calls)) as refused
      from recordings group by 1)
    select * from calls where (gone and all_erased and not refused) or (refused and not (gone and one_erased))`);
}

/** Checks that the ledger is numbered without gaps and equal to the one in the store. */
export async function complaintsOfLedger(): Promise<string[]> {
  const rows = await database().execute<{ sequence: string; body: string; written: boolean }>(
    sql`select sequence, body, written_at is not null as written from erasure_ledger order by sequence`,
  );
  const complaints: string[] = [];
  for (const [index, { sequence, body, written }] of rows.entries()) {
    const stored = await readStoredText(configuredStore(), ledgerKey(Number(sequence)));
    if (Number(sequence) !== index + 1 || !written || stored !== body || !parseLedgerBody(body))
      complaints.push(`entry ${sequence} of the ledger`);
  }
  return complaints;
}

/** Keys of the recordings in a store. */
export async function keysInStores(): Promise<string[][]> {
  return Promise.all(
    configuredStores().map(async (store) => {
      const keys: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page = await store.list({ prefix: "recordings/", cursor, limit: 1000 });
        keys.push(...page.objects.map(({ key }) => key));
        cursor = page.nextCursor;
      }
      return keys.sort();
    }),
  );
}
