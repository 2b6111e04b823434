import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { driftFindings } from "@/lib/db/schema/store-scan";
import type { DriftKind } from "@/lib/store-scan/found-discrepancy";
import { AppError } from "@/lib/core/errors";

export type OpenFinding = typeof driftFindings.$inferSelect;

const open = (findingId: string, more: SQL = sql`true`) =>
  and(eq(driftFindings.id, findingId), isNull(driftFindings.resolvedAt), more);

/** An open finding of one of these kinds. @throws AppError `not_found`; `conflict` when it is resolved, or has no such remedy. */
export async function readOpenFinding(
  db: ReadDatabase,
  findingId: string,
  kinds: readonly DriftKind[],
): Promise<OpenFinding> {
  const [finding] = await db.select().from(driftFindings).where(eq(driftFindings.id, findingId));
  if (!finding) throw new AppError("not_found", "no such finding");
  if (finding.resolvedAt !== null || !kinds.includes(finding.kind))
    throw new AppError("conflict", "the finding is resolved, or has no such remedy");
  return finding;
}

/** The same, locked until `tx` ends. */
export async function lockOpenFinding(
  tx: Transaction,
  findingId: string,
  kinds: readonly DriftKind[],
): Promise<OpenFinding> {
  await tx.select({ id: driftFindings.id }).from(driftFindings).where(open(findingId)).for("update");
  return readOpenFinding(tx, findingId, kinds);
}
