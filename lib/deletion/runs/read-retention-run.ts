import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import type { Actor } from "@/lib/operation/actor";
import type { ReadDatabase } from "@/lib/db/client";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { retentionPolicies, retentionRuns, type RunHold } from "@/lib/db/schema/retention";
import { units } from "@/lib/db/schema/units";
import { AppError } from "@/lib/core/errors";
import { holdScope } from "@/lib/recordings/hold-scope";
import { query } from "@/lib/operation/operation";
import { runShares, type RunShareRow } from "@/lib/deletion/runs/run-shares";

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
    const { dueBy: _1, heldBy: _2, justArrivedBy: _3, remainingBy: _4, createdAt: _5, holds, ...facts } = run;
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
