import { and, eq, inArray, count, sql } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { retentionPolicies, retentionRuns, type RunHold, type RunShare } from "@/lib/db/schema/retention";
import { units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";
import { retentionRunFailures } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";

const measures = ["due", "deleted", "bytesDeleted", "failed", "held", "doubtfulDate", "blocked", "remaining"] as const;

type Counts = Record<(typeof measures)[number], number>;

/** What a run counted of one policy, or of one unit. The id of no policy is null: uploads that were refused. */
type RunShareRow = { id: string | null } & Counts;

type Cell = { policyId: string | null; unitId: string } & Partial<Counts>;

type Run = Pick<
  typeof retentionRuns.$inferSelect,
  "id" | "dueBy" | "heldBy" | "doubtfulDateBy" | "blockedBy" | "remainingBy"
>;

/** A share with the name that its policy or unit has today. */
export type NamedShare = RunShareRow & { name: string | null };

/**
 * The report of one run: its counts, the same by policy and by unit, and the holds that kept what it left.
 * @throws AppError `not_found`
 */
export const readRetentionRun = query({
  permission: "retention-run:list",
  input: z.object({ runId: z.uuid() }),
  run: async ({ db, actor, input: { runId } }) => {
    const [run] = await db.select().from(retentionRuns).where(eq(retentionRuns.id, runId));
    if (!run) throw new AppError("not_found", "no such retention run");
    const {
      dueBy: _1,
      heldBy: _2,
      doubtfulDateBy: _3,
      blockedBy: _4,
      remainingBy: _5,
      createdAt: _6,
      holds,
      ...facts
    } = run;
    const [{ byPolicy, byUnit }, named] = await Promise.all([runShares(db, run), nameHolds(db, actor, holds)]);
    const [policyNames, unitNames] = await Promise.all([
      namesOf(db, retentionPolicies, byPolicy),
      namesOf(db, units, byUnit),
    ]);
    return { ...facts, byPolicy: withNames(byPolicy, policyNames), byUnit: withNames(byUnit, unitNames), holds: named };
  },
});

export type RetentionRunReport = Awaited<ReturnType<typeof readRetentionRun>>;

async function namesOf(
  db: ReadDatabase,
  table: typeof retentionPolicies | typeof units,
  shares: readonly RunShareRow[],
): Promise<Map<string, string>> {
  const ids = shares.flatMap(({ id }) => id ?? []);
  const rows =
    ids.length === 0
      ? []
      : await db.select({ id: table.id, name: table.name }).from(table).where(inArray(table.id, ids));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** By name, the nameless last. */
function withNames(shares: readonly RunShareRow[], names: ReadonlyMap<string, string>): NamedShare[] {
  const named = shares.map((share) => ({ ...share, name: (share.id && names.get(share.id)) ?? null }));
  return named.toSorted((a, b) =>
    a.name === null || b.name === null
      ? Number(a.name === null) - Number(b.name === null)
      : a.name.localeCompare(b.name, "pt-BR"),
  );
}

async function nameHolds(db: ReadDatabase, actor: Actor, holds: readonly RunHold[]) {
  const ids = holds.map(({ holdId }) => holdId);
  const { id, matter, releasedAt } = legalHolds;
  const rows =
    ids.length === 0
      ? []
      : await db
          .select({ id, matter, releasedAt })
          .from(legalHolds)
          .where(and(inArray(id, ids), holdScope(actor)));
  return holds.flatMap(({ holdId, recordings }) =>
    rows.filter((row) => row.id === holdId).map((row) => ({ ...row, recordings })),
  );
}

/** Counts by policy and by unit: found and left as saved with the run, deleted and failed as the rows are now. */
async function runShares(db: ReadDatabase, run: Run): Promise<{ byPolicy: RunShareRow[]; byUnit: RunShareRow[] }> {
  const named = (shares: readonly RunShare[], measure: "due" | "held" | "doubtfulDate" | "blocked" | "remaining") =>
    shares.map(({ recordings: found, ...of }): Cell => ({ ...of, [measure]: found }));
  const [deleted, failed] = await Promise.all([deletedShares(db, run.id), failedShares(db, run.id)]);
  const cells: Cell[] = [
    ...named(run.dueBy, "due"),
    ...named(run.heldBy, "held"),
    ...named(run.doubtfulDateBy, "doubtfulDate"),
    ...named(run.blockedBy, "blocked"),
    ...named(run.remainingBy, "remaining"),
    ...deleted,
    ...failed,
  ];
  return { byPolicy: addUp(cells, ({ policyId }) => policyId), byUnit: addUp(cells, ({ unitId }) => unitId) };
}

function addUp(cells: readonly Cell[], idOf: (cell: Cell) => string | null): RunShareRow[] {
  const rows = new Map<string | null, RunShareRow>();
  for (const cell of cells) {
    const row = rows.get(idOf(cell)) ?? {
      id: idOf(cell),
      due: 0,
      deleted: 0,
      bytesDeleted: 0,
      failed: 0,
      held: 0,
      doubtfulDate: 0,
      blocked: 0,
      remaining: 0,
    };
    for (const measure of measures) row[measure] += cell[measure] ?? 0;
    rows.set(row.id, row);
  }
  return [...rows.values()];
}

function deletedShares(db: ReadDatabase, runId: string): Promise<Cell[]> {
  const { retentionPolicyId: policyId, unitId, deletionRunId } = recordings;
  const bytesDeleted = sql<number>`coalesce(sum(${recordings.sizeBytes}), 0)::float8`;
  return db
    .select({ policyId, unitId, deleted: count(), bytesDeleted })
    .from(recordings)
    .where(eq(deletionRunId, runId))
    .groupBy(policyId, unitId);
}

function failedShares(db: ReadDatabase, runId: string): Promise<Cell[]> {
  const { retentionPolicyId: policyId, unitId } = recordings;
  return db
    .select({ policyId, unitId, failed: count() })
    .from(retentionRunFailures)
    .innerJoin(recordings, eq(recordings.id, retentionRunFailures.recordingId))
    .where(eq(retentionRunFailures.runId, runId))
    .groupBy(policyId, unitId);
}
