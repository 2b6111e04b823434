import { sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { env } from "@/lib/env";
import { AppError } from "@/lib/errors";
import { governedBy, type PolicyScope } from "@/lib/retention/policy-scope";
import { dueBefore } from "@/lib/retention/retain-until";

/** What a period would do to what is stored today. */
export type PolicyEffect = {
  /** Recordings that get their date from it. */
  recordings: number;
  /** Of these, those that are kept today and would be due at once. */
  dueAtOnce: number;
};

/** Counts what a policy of this scope and period would move. */
export async function policyEffect(db: ReadDatabase, scope: PolicyScope, days: number, now = new Date()): Promise<PolicyEffect> {
  const cutoff = dueBefore(now, days, env().CONTROLLER_TIME_ZONE).toISOString();
  const becomesDue = sql`${recordings.startedAt} < ${cutoff}::timestamptz and ${recordings.retainUntil} > ${now.toISOString()}::timestamptz`;
  const [effect] = await db
    .select({ recordings: sql<number>`count(*)::int`, dueAtOnce: sql<number>`count(*) filter (where ${becomesDue})::int` })
    .from(recordings)
    .where(governedBy(scope));
  return effect!;
}

/**
 * Refuses a change that would make more recordings due than the person saw when they confirmed it.
 * @throws AppError `conflict`
 */
export function requireAcknowledged(effect: PolicyEffect, acknowledgedDue: number): void {
  if (effect.dueAtOnce > acknowledgedDue) throw new AppError("conflict", `${effect.dueAtOnce} recordings would be due, ${acknowledgedDue} were shown`);
}
