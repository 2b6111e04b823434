import { and, asc, eq, not, sql, type SQL } from "drizzle-orm";
import { callers } from "@/lib/deletion/callers";
import { countCalls, countPartlyKept } from "@/lib/deletion/orders/call-counts";
import { orderCondition } from "@/lib/deletion/orders/order-condition";
import { orderSelection } from "@/lib/deletion/orders/order-selection";
import type { ReadDatabase } from "@/lib/db/client";
import { queues, recordings, units } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { query } from "@/lib/operation/operation";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { isHeld, mayBeDeleted } from "@/lib/recordings/may-be-deleted";
import { readDatabaseTime } from "@/lib/db/database-time";

export type DeletionSample = {
  recordingId: string;
  unit: string;
  queue: string | null;
  startedAt: Date;
  sizeBytes: number | null;
  retainUntil: Date | null;
};

export type DeletionOrderPreview = {
  /** What would go. */
  recordings: number;
  /** The calls that these are of, and those of them of which other recordings stay. */
  calls: number;
  partlyKept: number;
  sizeBytes: number;
  oldest: Date | null;
  newest: Date | null;
  byUnit: { unit: string; recordings: number; sizeBytes: number }[];
  /** The oldest of them. */
  sample: DeletionSample[];
  /**
   * Selected and kept: by a legal hold, otherwise by the legal minimum, otherwise because its processing is suspended,
   * otherwise by a policy change that may raise the minimum.
   */
  held: number;
  underMinimum: number;
  blocked: number;
  underChange: number;
  /** When the last of those under the minimum may go. */
  minimumUntil: Date | null;
  keptSample: (DeletionSample & { reason: "held" | "minimum" | "blocked" | "change"; minimumUntil: Date | null })[];
  /** A person's order of this size waits for a second one. */
  needsSecondPerson: boolean;
};

const sampleSize = 20;

/** What a deletion order would delete, and what it would leave out and why. Changes nothing. */
export const previewDeletionOrder = query({
  permission: "deletion-order:preview",
  input: orderSelection,
  run: async ({ db, actor, input }): Promise<DeletionOrderPreview> => {
    const selected = orderCondition(input, await readDatabaseTime(db));
    const goes = and(selected, mayBeDeleted(callers.order.stops))!;
    const [byUnit, [kept], sample, keptSample, calls, partlyKept] = await Promise.all([
      totalsByUnit(db, goes),
      keptTotals(db, selected),
      sampleOf(db, goes),
      sampleOf(db, and(selected, not(mayBeDeleted(callers.order.stops)))!),
      countCalls(db, goes),
      countPartlyKept(db, goes),
    ]);
    const total = byUnit.reduce((sum, unit) => sum + unit.recordings, 0);
    const at = (moments: (Date | null)[], pick: (...values: number[]) => number) =>
      total === 0 ? null : new Date(pick(...moments.map((moment) => moment!.getTime())));
    return {
      recordings: total,
      ...{ calls, partlyKept },
      sizeBytes: byUnit.reduce((sum, unit) => sum + unit.sizeBytes, 0),
      oldest: at(
        byUnit.map(({ oldest }) => oldest),
        Math.min,
      ),
      newest: at(
        byUnit.map(({ newest }) => newest),
        Math.max,
      ),
      byUnit: byUnit.map(({ unit, recordings: count, sizeBytes }) => ({ unit, recordings: count, sizeBytes })),
      sample: sample.map(({ isHeld: _, isMinimum: __, isBlocked: ___, minimumUntil: ____, ...row }) => row),
      ...kept!,
      keptSample: keptSample.map(({ isHeld: held, isMinimum, isBlocked: blocked, ...row }) => ({
        ...row,
        reason: held ? "held" : isMinimum ? "minimum" : blocked ? "blocked" : "change",
      })),
      needsSecondPerson: actor.type === "user" && total > env().DELETION_ORDER_SECOND_PERSON_ABOVE,
    };
  },
});

const count = sql<number>`count(*)::int`;
const bytes = sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8`;

function totalsByUnit(db: ReadDatabase, condition: SQL) {
  const started = (extreme: "min" | "max") =>
    sql<Date | null>`${sql.raw(extreme)}(${recordings.startedAt})`.mapWith(recordings.startedAt);
  return db
    .select({ unit: units.name, recordings: count, sizeBytes: bytes, oldest: started("min"), newest: started("max") })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(condition)
    .groupBy(units.id)
    .orderBy(asc(units.name));
}

const isMinimum = sql<boolean>`coalesce(${recordings.minimumUntil} > now(), false)`;

/** Kept by neither of the first two. */
const isElse = sql`not ${isHeld()} and not ${isMinimum}`;

function keptTotals(db: ReadDatabase, selected: SQL) {
  return db
    .select({
      held: sql<number>`count(*) filter (where ${isHeld()})::int`,
      underMinimum: sql<number>`count(*) filter (where not ${isHeld()} and ${isMinimum})::int`,
      blocked: sql<number>`count(*) filter (where ${isElse} and ${isBlocked()})::int`,
      underChange: sql<number>`count(*) filter (where ${isElse} and not ${isBlocked()})::int`,
      minimumUntil:
        sql<Date | null>`max(${recordings.minimumUntil}) filter (where not ${isHeld()} and ${isMinimum})`.mapWith(
          recordings.minimumUntil,
        ),
    })
    .from(recordings)
    .where(and(selected, not(mayBeDeleted(callers.order.stops))));
}

function sampleOf(db: ReadDatabase, condition: SQL) {
  const { id: recordingId, startedAt, sizeBytes, retainUntil, minimumUntil } = recordings;
  return db
    .select({
      recordingId,
      unit: units.name,
      queue: queues.code,
      startedAt,
      sizeBytes,
      retainUntil,
      minimumUntil,
      isHeld: sql<boolean>`${isHeld()}`,
      isMinimum,
      isBlocked: sql<boolean>`${isBlocked()}`,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(queues, eq(queues.id, recordings.queueId))
    .where(condition)
    .orderBy(asc(recordings.startedAt), asc(recordings.id))
    .limit(sampleSize);
}
