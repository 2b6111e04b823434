import { existsSync } from "node:fs";
import { asc, eq, sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { retentionMoves, subjectRequestDecisions, subjectRequestEvents } from "@/lib/db/schema";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { transitions, type Step } from "@/lib/subject-requests/transitions";
import { storePath } from "../../../support/recordings";
import { processesOf } from "../../../support/subject-requests";
import type { Custody, CustodyRow } from "./custody-snapshot";
import { decidedOf, give, mayGo, permitOf, type ModelRecording, type Permit } from "./model";
import { digestOf, type Schedule } from "./world";

const all = (schedules: readonly Schedule[]) =>
  schedules.flatMap((schedule) => schedule.recordings.map((recording) => ({ schedule, recording })));

export const permitsOf = (schedules: readonly Schedule[]): Map<string, Permit> =>
  new Map(all(schedules).map(({ schedule, recording }) => [recording.id, permitOf(recording, schedule)]));

const complainer =
  ({ seed, history }: Schedule, { name }: ModelRecording, complaints: string[]) =>
  (what: string) =>
    complaints.push(`seed ${seed}, recording ${name}: ${what} [${history.join(", ")}]`);

/** A policy change ends when a run has recalculated its recordings. */
async function noteFinishedMoves(schedules: readonly Schedule[]): Promise<void> {
  const { unitId, finishedAt } = retentionMoves;
  const open = await database()
    .select({ unitId })
    .from(retentionMoves)
    .where(sql`${finishedAt} is null`);
  const units = new Set(open.map((move) => move.unitId));
  for (const schedule of schedules) schedule.isUnderChange &&= units.has(schedule.unitId);
}

/** Compares the rows and both folders after a step with what was permitted before or after it. Returns complaints. */
export async function complaintsOfStep(
  schedules: readonly Schedule[],
  { before, custody, copyFolder }: { before: ReadonlyMap<string, Permit>; custody: Custody; copyFolder: string },
): Promise<string[]> {
  await noteFinishedMoves(schedules);
  const after = permitsOf(schedules);
  const complaints: string[] = [];
  for (const { schedule, recording } of all(schedules)) {
    const row = custody.get(recording.id)!;
    const say = complainer(schedule, recording, complaints);
    const permits = [before.get(recording.id)!, after.get(recording.id)!];
    if (row.state !== recording.state) sayUnlawful(recording, row, permits, say);
    if (recording.state === "deleting" && row.state === "stored") give(recording, schedule.policy);
    recording.state = row.state as ModelRecording["state"];
    if (recording.holds.size > 0 !== row.isHeld) say("the hold that the model has is another");
    if (recording.holds.size > 0 && row.state !== "stored") say(`held, and ${row.state}`);
    sayBlocks(recording, row, permits, say);
    const files = recording.keys.flatMap((key) => [storePath(), copyFolder].map((folder) => objectPath(folder, key)));
    if (row.state === "stored" && !files.every((file) => existsSync(file))) say("stored, and a file is gone");
    if (row.state === "deleted" && files.some((file) => existsSync(file))) say("deleted, and a file is left");
  }
  return complaints;
}

const order = ["stored", "deleting", "deleted"];

function sayUnlawful(
  recording: ModelRecording,
  { state, deletionReason }: CustodyRow,
  permits: readonly Permit[],
  say: (what: string) => void,
): void {
  // Only a hold brings a recording back, and only before its erasure.
  const isBack = recording.state === "deleting" && state === "stored" && recording.holds.size > 0;
  if (order.indexOf(state) < order.indexOf(recording.state) && !isBack) say(`${recording.state} became ${state}`);
  if (recording.state !== "stored") return;
  const allowed: Record<string, boolean> = mayGo(permits);
  if (!allowed[deletionReason ?? ""]) say(`deleted by ${deletionReason} while that was forbidden`);
}

function sayBlocks(
  recording: ModelRecording,
  row: CustodyRow,
  permits: readonly Permit[],
  say: (what: string) => void,
) {
  const isBlocked = row.blockedAt !== null;
  if (isBlocked && !recording.isBlocked && !permits.some(({ isToBlock }) => isToBlock))
    say("blocked, and nobody decided it");
  const mayEnd = row.state === "deleted" || recording.wasLifted;
  if (!isBlocked && recording.isBlocked && !mayEnd) say("blocked no more, and nobody lifted it");
  recording.isBlocked = isBlocked;
}

/**
 * After all runs: nothing is half deleted; what was decided is done unless the law keeps it; nothing else is. What is
 * kept is byte for byte what was stored.
 */
export async function complaintsOfEnd(schedules: readonly Schedule[], copyFolder: string): Promise<string[]> {
  const complaints: string[] = [];
  for (const { schedule, recording } of all(schedules)) {
    const say = complainer(schedule, recording, complaints);
    const decided = decidedOf(schedule.requests, recording.id);
    const allowed = mayGo([permitOf(recording, schedule)]);
    if (recording.state === "deleting") say("half deleted at the end");
    if (recording.state === "stored" && allowed.erasure) say("decided to go, and there");
    if (recording.state === "stored" && allowed.retention_expired) say("past its date, and there");
    const isToBlock = decided.some(({ measure }) => measure === "block") && !recording.wasLifted;
    if (recording.state === "stored" && isToBlock && !recording.isBlocked) say("decided to be blocked, and is not");
    if (recording.state === "stored") await sayAltered(recording, copyFolder, say);
  }
  return complaints;
}

async function sayAltered({ digests }: ModelRecording, copyFolder: string, say: (what: string) => void): Promise<void> {
  for (const [key, digest] of digests)
    for (const folder of [storePath(), copyFolder])
      if ((await digestOf(objectPath(folder, key))) !== digest) say("its bytes are others");
}

/** Each right is in the state that the model has, and came there by steps of the table, one after the other. */
export async function complaintsOfStates(schedules: readonly Schedule[]): Promise<string[]> {
  const complaints: string[] = [];
  for (const { seed, requests, history } of schedules)
    for (const { requestId, rights } of requests) {
      const say = (what: string) =>
        complaints.push(`seed ${seed}, request ${requestId}: ${what} [${history.join(", ")}]`);
      const rows = await processesOf(requestId);
      for (const { processId, state } of rights) {
        const row = rows.find(({ id }) => id === processId)!;
        if (row.state !== state) say(`${row.right} is ${row.state}, in the model ${state}`);
        for (const problem of await unlawfulSteps(processId, row.state)) say(`${row.right}: ${problem}`);
      }
    }
  return complaints;
}

async function unlawfulSteps(processId: string, last: string): Promise<string[]> {
  const { kind, stateFrom, stateTo, id, processId: of } = subjectRequestEvents;
  const events = await database()
    .select({ kind, stateFrom, stateTo })
    .from(subjectRequestEvents)
    .where(eq(of, processId))
    .orderBy(asc(id));
  let at = "received";
  const problems: string[] = [];
  for (const event of events.filter((each) => each.stateTo !== null)) {
    const { from, to } = transitions[event.kind as Step];
    const isOfTable = (from as readonly string[]).includes(event.stateFrom!) && event.stateTo === to;
    if (event.stateFrom !== at || !isOfTable)
      problems.push(`${event.kind} from ${event.stateFrom} to ${event.stateTo}`);
    at = event.stateTo!;
  }
  return at === last ? problems : [...problems, `its steps end at ${at}`];
}

const problemsOfDecisions = {
  "erased under no approved order of a request that names it": sql`recording.deletion_reason = 'erasure' and (
    orders.id is null or orders.reason <> 'erasure' or orders.approved_by_id is null
    or orders.approved_by_id = orders.requested_by_id::uuid or not exists (select from subject_request_decisions own
      where own.deletion_order_id = orders.id and own.recording_id = recording.id))`,
  "done, and there": sql`decision.result = 'done' and recording.state <> 'deleted'`,
  "gone, and not done": sql`recording.state = 'deleted' and decision.ended_at is null and decision.done_at is null
    and exists (select from subject_request_rights process where process.id = decision.process_id
      and process.state in ('executing', 'answered', 'closed'))`,
  "done without the order of its own request": sql`decision.ended_at is null and decision.done_at is not null
    and recording.deletion_order_id is not null
    and decision.deletion_order_id is distinct from recording.deletion_order_id
    and exists (select from subject_request_decisions own where own.request_id = decision.request_id
      and own.deletion_order_id = recording.deletion_order_id)`,
};

/**
 * Every recording that went for a request went under one order of that request, approved by another person than the one
 * who ordered it; and every decision that is done says so of what is gone alone.
 */
export async function complaintsOfDecisions(): Promise<string[]> {
  const found = Object.entries(problemsOfDecisions).map(async ([problem, condition]) => {
    const rows = await database().execute<{ id: string; protocol: string; measure: string }>(sql`
      select recording.id, orders.justification as protocol, decision.measure from recordings recording
      left join deletion_orders orders on orders.id = recording.deletion_order_id
      left join subject_request_decisions decision on decision.recording_id = recording.id
        and decision.measure in ('delete', 'delete_later', 'anonymise')
      where ${condition}`);
    return rows.map(({ id, protocol, measure }) => `${id} (${measure}, ${protocol}): ${problem}`);
  });
  return (await Promise.all(found)).flat();
}

/** The last letter about each answered right tells of all its deletions that are done: no follow-up was forgotten. */
export async function complaintsOfFollowUps(): Promise<Record<string, unknown>[]> {
  const rows = await database().execute<Record<string, unknown>>(sql`
    select process.id, process.right_code, last.number, max(decision.done_at)::text as done
    from subject_request_rights process
    join subject_request_decisions decision on decision.process_id = process.id and decision.ended_at is null
      and decision.measure in ('delete', 'delete_later', 'anonymise')
    cross join lateral (select number, created_at from subject_request_answers answer
      where process.id = any(answer.process_ids) order by id desc limit 1) last
    where process.state in ('answered', 'closed')
    group by process.id, process.right_code, last.number, last.created_at
    having bool_and(decision.done_at is not null) and max(decision.done_at) > last.created_at`);
  return [...rows];
}

/** Each deletion is proved in both stores, once in the log and once in the ledger. */
export async function complaintsOfDeletions(): Promise<Record<string, unknown>[]> {
  const rows = await database().execute<Record<string, unknown>>(sql`
    with told as (
      select target_id, count(*) filter (where action = 'recording.deleted') as deleted from audit_events
      where action = 'recording.deleted' group by target_id),
    listed as (
      select erasure ->> 'recordingId' as id, count(*) as entries
      from erasure_ledger, jsonb_array_elements(body::jsonb -> 'entry' -> 'erasures') as erasure group by 1)
    select recording.id, recording.state, told.deleted, entries, deletion_proof
    from recordings as recording
    left join told on target_id = recording.id::text left join listed on listed.id = recording.id::text
    where case recording.state
      when 'deleted' then told.deleted is distinct from 1 or entries is distinct from 1
        or jsonb_array_length(deletion_proof) is distinct from 2 or object_key is not null
        or customer_number_encrypted is not null
      else told.deleted is not null or entries is not null or object_key is null end`);
  return [...rows];
}

/** How many decisions of each measure are done, over all schedules. */
export async function doneMeasures(): Promise<Map<string, number>> {
  const { measure, doneAt } = subjectRequestDecisions;
  const rows = await database()
    .select({ measure, count: sql<number>`count(*)::int` })
    .from(subjectRequestDecisions)
    .where(sql`${doneAt} is not null`)
    .groupBy(measure);
  return new Map(rows.map((row) => [row.measure, row.count]));
}
