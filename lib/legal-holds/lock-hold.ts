import { and, eq, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { legalHolds } from "@/lib/db/schema/legal-holds";
import { AppError } from "@/lib/core/errors";

export type LegalHold = typeof legalHolds.$inferSelect;

/** Identifies a version of a hold, so that a form does not overwrite a later change. */
export function holdVersion({ createdAt, updatedAt }: Pick<LegalHold, "createdAt" | "updatedAt">): string {
  return (updatedAt ?? createdAt).toISOString();
}

/**
 * A hold in force, locked until `tx` ends. An upload adds rows to it meanwhile: it never waits for this lock while it
 * has its recordings locked, so the two cannot deadlock.
 * @throws AppError `not_found`, also outside `scope`; `conflict` when it was released.
 */
export async function lockHold(tx: Transaction, holdId: string, scope: SQL): Promise<LegalHold> {
  const [hold] = await tx
    .select()
    .from(legalHolds)
    .where(and(eq(legalHolds.id, holdId), scope))
    .for("no key update");
  if (!hold) throw new AppError("not_found", "no such legal hold");
  if (hold.releasedAt !== null) throw new AppError("conflict", "the legal hold was released");
  return hold;
}
