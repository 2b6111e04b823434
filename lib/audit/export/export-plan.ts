import { and, eq, gt, lte, max, min, sql, type SQL } from "drizzle-orm";
import { type EventFilters, eventConditions } from "@/lib/audit/event-filters";
import { inSealRange } from "@/lib/audit/seal-row";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, auditSeals } from "@/lib/db/schema/audit";

/** The content of an export, fixed before it is recorded and written. Sequences are null if nothing matches. */
export type ExportPlan = {
  scope: "batches" | "selection";
  filters: EventFilters;
  firstSeal: number | null;
  lastSeal: number | null;
  seals: number;
  events: number;
};

/**
 * Decides which sealed batches an export covers. Filtered by period alone: all batches from the first to the last that
 * contain an event of the period, whole, so that completeness can be proven. With other filters: the matching events of
 * those batches.
 */
export async function planExport(db: ReadDatabase, filters: EventFilters): Promise<ExportPlan> {
  const { from, to, ...others } = filters;
  const scope = Object.values(others).some((value) => value !== undefined) ? "selection" : "batches";
  const edges = await edgesOf(db, filters);
  if (!edges) return { scope, filters, firstSeal: null, lastSeal: null, seals: 0, events: 0 };
  const inRange = inSealRange({ fromSequence: edges.first, toSequence: edges.last });
  const [totals] = await db
    .select({
      seals: sql<number>`count(*)`.mapWith(Number),
      events: sql<number>`coalesce(sum(${auditSeals.eventCount}), 0)`.mapWith(Number),
    })
    .from(auditSeals)
    .where(inRange);
  const events = scope === "batches" ? totals!.events : await countSealed(db, eventConditions(filters), inRange);
  return { scope, filters, firstSeal: edges.first, lastSeal: edges.last, seals: totals!.seals, events };
}

async function edgesOf(db: ReadDatabase, { from, to }: EventFilters): Promise<{ first: number; last: number } | null> {
  const sequences = { first: min(auditSeals.sequence), last: max(auditSeals.sequence) };
  const [row] = await (from === undefined && to === undefined
    ? db.select(sequences).from(auditSeals)
    : db
        .select(sequences)
        .from(auditSeals)
        .innerJoin(
          spansOf(db, { from, to }),
          sql`spans.epoch = ${auditSeals.epoch} and ${auditSeals.transactionTo} > spans.lowest
            and ${auditSeals.transactionFrom} <= spans.highest`,
        ));
  return row?.first == null || row.last == null ? null : { first: row.first, last: row.last };
}

/** The transaction ranges of a period, one per epoch. PostgreSQL 15 has no min and max of xid8. */
function spansOf(db: ReadDatabase, period: Pick<EventFilters, "from" | "to">) {
  const number = sql`${auditEvents.transactionId}::text::numeric`;
  return db
    .select({
      epoch: auditEvents.epoch,
      lowest: sql`min(${number})::text::xid8`.as("lowest"),
      highest: sql`max(${number})::text::xid8`.as("highest"),
    })
    .from(auditEvents)
    .where(eventConditions(period))
    .groupBy(auditEvents.epoch)
    .as("spans");
}

async function countSealed(db: ReadDatabase, matches: SQL, inRange: SQL): Promise<number> {
  const covered = and(
    eq(auditSeals.epoch, auditEvents.epoch),
    lte(auditSeals.transactionFrom, auditEvents.transactionId),
    gt(auditSeals.transactionTo, auditEvents.transactionId),
  );
  const [row] = await db
    .select({ events: sql<number>`count(*)`.mapWith(Number) })
    .from(auditEvents)
    .where(and(matches, sql`exists (select 1 from ${auditSeals} where ${covered} and ${inRange})`));
  return row!.events;
}
