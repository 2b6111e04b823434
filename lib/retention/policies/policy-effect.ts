import { eq, or, sql, type SQL } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema/recordings";
import { env } from "@/lib/core/env";
import { lastDayUntil } from "@/lib/core/time";
import { AppError } from "@/lib/core/errors";
import { datesCalculator, nextDates } from "@/lib/retention/dates-calculator";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";
import { reportedTriggers, triggersOf } from "@/lib/recordings/last-triggers";
import type { PlannedChange } from "@/lib/retention/policies/policy-change";
import { matchedBy } from "@/lib/retention/policies/policy-match";

export type Amount = { recordings: number; sizeBytes: number };

/** The effect of a change on today's stored recordings. */
export type PolicyEffect = {
  /** Recordings whose dates are recalculated. */
  recordings: number;
  /** Of these, those whose deletion date becomes earlier, or later. */
  earlier: Amount;
  later: Amount;
  /** Of the earlier ones, those that would become due at once. */
  dueAtOnce: Amount;
  /** Recordings whose legal minimum becomes later, or earlier. */
  minimumLater: number;
  minimumEarlier: number;
  /**
   * For each month of the last day ("2027-03"), how many recalculated recordings leave it and enter it; `null` sums all
   * later months.
   */
  months: { month: string | null; leaving: number; coming: number }[];
};

/** Number of months that are listed separately. */
const monthsShown = 12;

/**
 * Counts how many dates would change, and how. The database groups the recordings; each group's date is computed here.
 */
export async function policyEffect(db: ReadDatabase, plan: PlannedChange, now = new Date()): Promise<PolicyEffect> {
  const zero = () => ({ recordings: 0, sizeBytes: 0 });
  const effect: PolicyEffect = {
    recordings: 0,
    earlier: zero(),
    later: zero(),
    dueAtOnce: zero(),
    minimumLater: 0,
    minimumEarlier: 0,
    months: [],
  };
  if (plan.concerns.length === 0) return effect;
  const datesOf = datesCalculator(plan.policies, env().CONTROLLER_TIME_ZONE);
  const months = new Map<string, { leaving: number; coming: number }>();
  for (const group of await groups(db, plan)) {
    const next = nextDates(group, datesOf({ ...group, triggers: triggersOf(group) })!, plan.shortensMinimum);
    effect.recordings += group.recordings;
    const minimumMoved = (next.minimumUntil?.getTime() ?? 0) - (group.minimumUntil?.getTime() ?? 0);
    if (minimumMoved > 0) effect.minimumLater += group.recordings;
    if (minimumMoved < 0) effect.minimumEarlier += group.recordings;
    const before = group.retainUntil!;
    if (next.retainUntil.getTime() === before.getTime()) continue;
    add(next.retainUntil < before ? effect.earlier : effect.later, group);
    if (next.retainUntil <= now && before > now && !group.isKept) add(effect.dueAtOnce, group);
    inMonth(months, before).leaving += group.recordings;
    inMonth(months, next.retainUntil).coming += group.recordings;
  }
  return { ...effect, months: shown(months) };
}

function add(amount: Amount, { recordings: count, sizeBytes }: Amount): void {
  amount.recordings += count;
  amount.sizeBytes += sizeBytes;
}

function inMonth(months: Map<string, { leaving: number; coming: number }>, retainUntil: Date) {
  const month = lastDayUntil(retainUntil, env().CONTROLLER_TIME_ZONE).slice(0, 7);
  const found = months.get(month) ?? { leaving: 0, coming: 0 };
  months.set(month, found);
  return found;
}

function shown(months: Map<string, { leaving: number; coming: number }>): PolicyEffect["months"] {
  const sorted = [...months]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, counts]) => ({ month: month as string | null, ...counts }));
  const rest = sorted
    .slice(monthsShown)
    .reduce(
      (sum, { leaving, coming }) => ({ month: null, leaving: sum.leaving + leaving, coming: sum.coming + coming }),
      { month: null, leaving: 0, coming: 0 },
    );
  return sorted.length > monthsShown ? [...sorted.slice(0, monthsShown), rest] : sorted;
}

/** Groups of recordings with the same date criteria. */
async function groups(db: ReadDatabase, plan: PlannedChange) {
  const { unitId, queueId, direction, callKind, retainUntil, minimumUntil, minimumPolicyId, minimumPolicyVersion } =
    recordings;
  const reported = reportedTriggers(db);
  const isKept = sql<boolean>`(${hasDoubtfulDate()} or ${isBlocked()})`;
  const common = {
    unitId,
    queueId,
    direction,
    callKind,
    retainUntil,
    minimumUntil,
    minimumPolicyId,
    minimumPolicyVersion,
  };
  const triggers = {
    contractEnd: reported.contractEnd,
    complaint: reported.complaint,
    resolution: reported.resolution,
  };
  return db
    .select({
      ...common,
      ...triggers,
      isKept,
      startedAt: sql<Date>`min(${recordings.startedAt})`.mapWith(recordings.startedAt),
      recordings: sql<number>`count(*)::int`,
      sizeBytes: sql<number>`sum(${recordings.sizeBytes})::float8`,
    })
    .from(recordings)
    .leftJoin(reported, eq(reported.recordingId, recordings.id))
    .where(sql`${recordings.state} = 'stored' and ${concerned(plan)}`)
    .groupBy(
      ...Object.values(common),
      ...Object.values(triggers),
      isKept,
      sql`(${recordings.startedAt} at time zone ${env().CONTROLLER_TIME_ZONE})::date`,
    );
}

function concerned({ concerns, ofDefault, change }: PlannedChange): SQL {
  if (ofDefault) return eq(recordings.retentionPolicyId, change.policyId);
  return sql`(${or(...concerns.map(matchedBy))!})`;
}

/**
 * Refuses a change that would make more recordings due than the user confirmed.
 * @throws AppError `conflict`
 */
export function requireAcknowledged(effect: PolicyEffect, acknowledgedDue: number): void {
  const due = effect.dueAtOnce.recordings;
  if (due > acknowledgedDue)
    throw new AppError("conflict", `${due} recordings would be due, ${acknowledgedDue} were shown`);
}
