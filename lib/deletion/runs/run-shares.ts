import { count, eq, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { retentionRunFailures } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import type { retentionRuns, RunShare } from "@/lib/db/schema/retention";

const measures = ["due", "deleted", "bytesDeleted", "failed", "held", "justArrived", "remaining"] as const;
type Counts = Record<(typeof measures)[number], number>;

/** What a run counted of one policy, or of one unit. The id of no policy is null: uploads that were refused. */
export type RunShareRow = { id: string | null } & Counts;

type Cell = { policyId: string | null; unitId: string } & Partial<Counts>;
type Run = Pick<typeof retentionRuns.$inferSelect, "id" | "dueBy" | "heldBy" | "justArrivedBy" | "remainingBy">;

/** A run's counts by policy and by unit: what it found and left as it was then, what it deleted and failed as the rows say. */
export async function runShares(
  db: ReadDatabase,
  run: Run,
): Promise<{ byPolicy: RunShareRow[]; byUnit: RunShareRow[] }> {
  const named = (shares: readonly RunShare[], measure: "due" | "held" | "justArrived" | "remaining") =>
    shares.map(({ recordings: found, ...of }): Cell => ({ ...of, [measure]: found }));
  const [deleted, failed] = await Promise.all([deletedShares(db, run.id), failedShares(db, run.id)]);
  const cells: Cell[] = [
    ...named(run.dueBy, "due"),
    ...named(run.heldBy, "held"),
    ...named(run.justArrivedBy, "justArrived"),
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
      justArrived: 0,
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
