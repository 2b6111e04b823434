import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { storeScanFindings } from "@/lib/db/schema/store-scan";
import type { DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { AppError } from "@/lib/core/errors";

export type OpenFinding = typeof storeScanFindings.$inferSelect;

const open = (findingId: string, more: SQL = sql`true`) =>
  and(eq(storeScanFindings.id, findingId), isNull(storeScanFindings.resolvedAt), more);

/**
 * An open finding of one of these kinds.
 * @throws AppError `not_found`; `conflict` when it is resolved, or has no such remedy.
 */
export async function readOpenFinding(
  db: ReadDatabase,
  findingId: string,
  kinds: readonly DiscrepancyKind[],
): Promise<OpenFinding> {
  const [finding] = await db.select().from(storeScanFindings).where(eq(storeScanFindings.id, findingId));
  if (!finding) throw new AppError("not_found", "no such finding");
  if (finding.resolvedAt !== null || !kinds.includes(finding.kind))
    throw new AppError("conflict", "the finding is resolved, or has no such remedy");
  return finding;
}

/** The same, locked until `tx` ends. */
export async function lockOpenFinding(
  tx: Transaction,
  findingId: string,
  kinds: readonly DiscrepancyKind[],
): Promise<OpenFinding> {
  await tx.select({ id: storeScanFindings.id }).from(storeScanFindings).where(open(findingId)).for("update");
  return readOpenFinding(tx, findingId, kinds);
}
