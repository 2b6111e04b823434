import { and, asc, desc, eq, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, queues, recordings, units } from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { holdExtension, type HoldExtension } from "@/lib/legal-holds/hold-input";
import { isHeldWithoutCall } from "@/lib/legal-holds/placement/call-coverage";
import { canBeHeld, isGone, selectionCondition, unitsOf } from "@/lib/legal-holds/selection-condition";
import { query } from "@/lib/operation/operation";
import { ofCallsWith } from "@/lib/recordings/call-rows";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { isQuarantined } from "@/lib/recordings/quarantine/quarantined";
import { recordingScope } from "@/lib/recordings/recording-scope";

export type HoldPreview = {
  /** Recordings that would be held, without those under this hold already. */
  recordings: number;
  /** The calls that these are of. */
  calls: number;
  sizeBytes: number;
  /** Of these, those under another hold already. */
  alreadyHeld: number;
  /** Matched too, and left out: under the hold that is extended already. */
  alreadyHere: number;
  /** Of those under the hold that is extended: kept with their whole calls from then on. */
  widened: number;
  /** Of these, those in quarantine, which the list leaves out. */
  quarantined: number;
  /** Of these, those that are marked for deletion: the hold brings them back. */
  markedForDeletion: number;
  /** Matched too, and gone: no hold brings them back. */
  tooLate: number;
  units: { id: string; name: string; recordings: number; sizeBytes: number }[];
  /** The latest calls of what would be held. */
  sample: {
    id: string;
    startedAt: Date;
    timeZone: string;
    unit: string;
    queue: string | null;
    state: "stored" | "pending" | "deleting";
  }[];
};

const sampleSize = 10;

/**
 * What a selection would place under a hold now: number, size, units, a sample, and what is gone already.
 * @param input.holdId the hold that would be extended; without it there are no whole calls to cover.
 * @throws AppError `not_found` for a hold that is not the supervisor's; `invalid_input` for an unknown recording, or
 * one of another unit.
 */
export const previewHold = query({
  permission: "legal-hold:place",
  input: z
    .object({ selection: holdExtension, holdId: z.uuid().optional() })
    .refine(({ selection, holdId }) => holdId !== undefined || !("wholeCalls" in selection), { path: ["holdId"] }),
  run: async ({ db, actor, input: { selection, holdId } }): Promise<HoldPreview> => {
    if (holdId !== undefined && (await db.$count(legalHolds, and(eq(legalHolds.id, holdId), holdScope(actor)))) === 0)
      throw new AppError("not_found", "no such legal hold");
    await requireVisible(db, actor, selection);
    const ofCalls = { unitIds: unitsOf(actor) };
    const isNarrow = holdId === undefined ? sql`false` : isHeldWithoutCall(holdId, ofCalls);
    const matched =
      "wholeCalls" in selection
        ? and(recordingScope(actor), ofCallsWith(isNarrow))!
        : selectionCondition(selection, actor);
    const holdable = canBeHeld("filters" in selection ? selection.filters.state : undefined);
    const isHere = isUnder(holdId);
    const wanted = and(matched, holdable, sql`not ${isHere}`)!;
    const isOnlyThese = "recordingIds" in selection && selection.onlyThese === true;
    const [rows, calls, sample, widened] = await Promise.all([
      countByUnit(db, matched, holdable, isHere),
      countCalls(db, wanted),
      sampleOf(db, wanted),
      isOnlyThese ? 0 : db.$count(recordings, and(matched, isNarrow)),
    ]);
    const byUnit = rows
      .filter((row) => row.recordings > 0)
      .map(({ id, name, recordings: found, sizeBytes }) => ({ id, name, recordings: found, sizeBytes }));
    return { ...totals(rows), calls, widened, units: byUnit, sample };
  },
});

/** Ids may be typed: an unknown one is refused, unlike one that is too late. */
async function requireVisible(db: ReadDatabase, actor: Actor, selection: HoldExtension): Promise<void> {
  if (!("recordingIds" in selection)) return;
  const recordingIds = [...new Set(selection.recordingIds)];
  const visible = await db.$count(recordings, selectionCondition({ recordingIds, onlyThese: true }, actor));
  if (visible === recordingIds.length) return;
  throw new AppError("invalid_input", "unknown recording, or outside the units of the user", {
    fields: [{ path: "selection.recordingIds", reason: "unknown" }],
  });
}

/** Under the hold that would be extended. */
function isUnder(holdId: string | undefined): SQL {
  if (holdId === undefined) return sql`false`;
  return sql`exists (select from ${legalHoldRecordings} as here
    where here.hold_id = ${holdId} and here.recording_id = ${recordings.id})`;
}

const counted = [
  ...(["recordings", "sizeBytes", "alreadyHeld", "alreadyHere"] as const),
  ...(["quarantined", "markedForDeletion", "tooLate"] as const),
] as const;
type Counts = Record<(typeof counted)[number], number>;

const totals = (rows: readonly Counts[]) =>
  Object.fromEntries(counted.map((name) => [name, rows.reduce((sum, row) => sum + row[name], 0)])) as Counts;

function countByUnit(db: ReadDatabase, matched: SQL, holdable: SQL, isHere: SQL) {
  const isNew = sql`${holdable} and not ${isHere}`;
  const count = (condition: SQL) => sql<number>`count(*) filter (where ${condition})::int`;
  return db
    .select({
      ...{ id: units.id, name: units.name },
      recordings: count(isNew),
      sizeBytes: sql<number>`coalesce(sum(${recordings.sizeBytes}) filter (where ${isNew}), 0)::float8`,
      alreadyHeld: count(sql`${isNew} and ${isHeld()}`),
      alreadyHere: count(sql`${holdable} and ${isHere}`),
      quarantined: count(sql`${isNew} and ${isQuarantined()}`),
      markedForDeletion: count(sql`${isNew} and ${recordings.state} = 'deleting'`),
      tooLate: count(isGone()),
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(matched)
    .groupBy(units.id)
    .orderBy(asc(units.name), asc(units.id));
}

async function countCalls(db: ReadDatabase, wanted: SQL): Promise<number> {
  const { source, sourceCallId } = recordings;
  const calls = sql<number>`count(distinct (${source}, ${sourceCallId}))::int`;
  const [counts] = await db.select({ calls }).from(recordings).where(wanted);
  return counts!.calls;
}

async function sampleOf(db: ReadDatabase, wanted: SQL): Promise<HoldPreview["sample"]> {
  const rows = await db
    .select({
      id: recordings.id,
      startedAt: recordings.startedAt,
      timeZone: units.timeZone,
      unit: units.name,
      queue: queues.code,
      state: recordings.state,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .where(wanted)
    .orderBy(desc(recordings.startedAt), desc(recordings.id))
    .limit(sampleSize);
  return rows as HoldPreview["sample"];
}
