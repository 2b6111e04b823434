import { and, asc, eq, gte, inArray, isNotNull, lt, lte, sql } from "drizzle-orm";
import { isUnsealed, lastSeal } from "@/lib/audit/unsealed-range";
import type { OversightSettings } from "@/lib/compliance/oversight/oversight-settings";
import { accessRows, isAccess, type Span } from "@/lib/compliance/reports/figures/access-rows";
import { startOfDay, today } from "@/lib/core/time";
import { siemStreamState } from "@/lib/notifications/siem/read-siem-stream";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents, recordings, subjectRequests } from "@/lib/db/schema";
import type { alertRules } from "@/lib/db/schema/alerts";
import type { Evidence } from "@/lib/db/schema/compliance";

export type FoundAlert = {
  rule: (typeof alertRules)[number];
  subject: string;
  day: string;
  userId: string | null;
  value: number;
  threshold: number | null;
  evidence: Evidence;
};

type Rule = (db: ReadDatabase, day: string, settings: OversightSettings) => Promise<FoundAlert[]>;

const spanOf = (day: string): Span => ({ start: startOfDay(day), end: startOfDay(day, 1) });

const within = (day: string) => {
  const { start, end } = spanOf(day);
  return and(gte(auditEvents.occurredAt, start), lt(auditEvents.occurredAt, end));
};

/** Alerts about people who reached a threshold. */
const ofPeople = (
  rule: FoundAlert["rule"],
  day: string,
  threshold: number,
  found: readonly { userId: string | null; value: number }[],
): FoundAlert[] =>
  found
    .filter(({ userId, value }) => userId !== null && value >= threshold)
    .map(({ userId, value }) => ({ rule, subject: userId!, day, userId, value, threshold, evidence: {} }));

const manyAccesses: Rule = async (db, day, settings) => {
  const windows = sql`(select access.user_id, count(*) over (partition by access.user_id order by access.at
    range between interval '1 hour' preceding and current row) as found
    from ${accessRows(spanOf(day), settings)} where ${isAccess}) as windows`;
  const found = await db
    .select({ userId: sql<string>`windows.user_id`, value: sql`max(windows.found)`.mapWith(Number) })
    .from(windows)
    .groupBy(sql`1`);
  return ofPeople("many_accesses", day, settings.thresholds.manyAccesses, found);
};

const offHours: Rule = async (db, day, settings) => {
  const found = await db
    .select({ userId: sql<string>`access.user_id`, value: sql`count(*)`.mapWith(Number) })
    .from(accessRows(spanOf(day), settings))
    .where(and(isAccess, sql`access.is_off_hours`))
    .groupBy(sql`1`);
  return ofPeople("off_hours", day, settings.thresholds.offHours, found);
};

/** The subject is the beginning of the number's keyed digest; one of its recordings leads to its calls. */
const sameNumber: Rule = async (db, day, settings) => {
  const threshold = settings.thresholds.sameNumber;
  const value = sql<number>`count(*)`.mapWith(Number);
  const found = await db
    .select({
      subject: sql<string>`left(encode(${recordings.customerNumberIndex}, 'hex'), 32)`,
      value,
      people: sql<number>`count(distinct access.user_id)`.mapWith(Number),
      recordingId: sql<string>`min(${recordings.id}::text)`,
    })
    .from(accessRows(spanOf(day), settings))
    .innerJoin(recordings, sql`${recordings.id} = access.recording_id::uuid`)
    .where(and(isAccess, isNotNull(recordings.customerNumberIndex)))
    .groupBy(sql`1`)
    .having(sql`count(*) >= ${threshold}::int`);
  return found.map(({ subject, value: counted, ...evidence }) => ({
    ...{ rule: "same_number" as const, subject, day, userId: null, value: counted, threshold, evidence },
  }));
};

/** Counts events of each person in a day. */
async function byPerson(db: ReadDatabase, day: string, which: ReturnType<typeof and>) {
  const { actorId, actorType } = auditEvents;
  return db
    .select({ userId: actorId, value: sql`count(*)`.mapWith(Number) })
    .from(auditEvents)
    .where(and(within(day), eq(actorType, "user"), which))
    .groupBy(actorId);
}

const refusals: Rule = async (db, day, { thresholds }) =>
  // A literal, so that PostgreSQL uses the partial index on unsuccessful events.
  ofPeople(
    "refusals",
    day,
    thresholds.refusals,
    await byPerson(db, day, sql`outcome <> 'success' and outcome = 'denied'`),
  );

const numberSearches: Rule = async (db, day, { thresholds }) => {
  const found = await byPerson(db, day, sql`${auditEvents.action} = 'recording.searched'`);
  return ofPeople("number_searches", day, thresholds.numberSearches, found);
};

const largeExport: Rule = async (db, day, { thresholds: { largeExport: threshold } }) => {
  const { id, action, actorType, actorId, details } = auditEvents;
  const events = sql<number>`coalesce((${details} ->> 'events')::int, 0)`;
  const found = await db
    .select({ id, actorType, actorId, events })
    .from(auditEvents)
    .where(and(within(day), eq(action, "audit_log.exported"), sql`${events} >= ${threshold}::int`))
    .limit(1000);
  return found.map((row) => ({
    ...{ rule: "large_export" as const, subject: row.id, day, value: row.events, threshold, evidence: {} },
    userId: row.actorType === "user" ? row.actorId : null,
  }));
};

const failed =
  (rule: "log_broken" | "store_check_failed", actions: readonly string[]): Rule =>
  async (db, day) => {
    const { action } = auditEvents;
    const found = await db
      .select({ subject: action, value: sql`count(*)`.mapWith(Number) })
      .from(auditEvents)
      .where(and(within(day), inArray(action, [...actions]), sql`outcome <> 'success' and outcome = 'failure'`))
      .groupBy(action);
    return found.map((row) => ({ rule, ...row, day, userId: null, threshold: null, evidence: {} }));
  };

const heldMinutes = 5;

/** An open writing transaction, or a sealer that stopped, holds the seals. */
const sealingHeld: Rule = async (db, day) => {
  if (day !== today()) return [];
  const last = await lastSeal(db);
  const { transactionId, occurredAt } = auditEvents;
  const [oldest] = await db
    .select({ occurredAt })
    .from(auditEvents)
    .where(isUnsealed(last))
    .orderBy(asc(transactionId))
    .limit(1);
  const minutes = oldest ? Math.floor((Date.now() - oldest.occurredAt.getTime()) / 60_000) : 0;
  if (minutes < heldMinutes) return [];
  const evidence = { since: oldest!.occurredAt.toISOString() };
  return [
    { rule: "sealing_held", subject: "log", day, userId: null, value: minutes, threshold: heldMinutes, evidence },
  ];
};

/** The SIEM takes nothing, or took a batch in part. */
const siemStreamStopped: Rule = async (db, day) => {
  const stream = day === today() ? await siemStreamState(db) : null;
  const hasRejected = (stream?.rejections.length ?? 0) > 0;
  if (!stream || !(stream.isStopped || hasRejected)) return [];
  const hours = stream.waitingSince ? Math.floor((Date.now() - stream.waitingSince.getTime()) / 3_600_000) : 0;
  const found = { rule: "siem_stream_stopped" as const, day, userId: null, threshold: null, evidence: {} };
  return [
    ...(stream.isStopped ? [{ ...found, subject: "stream", value: hours }] : []),
    ...(hasRejected ? [{ ...found, subject: "rejected", value: 0 }] : []),
  ];
};

/** Once for each deadline: the day is that of the deadline. */
const requestOverdue: Rule = async (db, day) => {
  if (day !== today()) return [];
  const { id, dueUntil, isOpen, isUnproven } = subjectRequests;
  const found = await db
    .select({ id, dueUntil })
    .from(subjectRequests)
    .where(and(isOpen, eq(isUnproven, false), lte(dueUntil, new Date())))
    .orderBy(asc(dueUntil))
    .limit(1000);
  return found.map((request) => ({
    ...{ rule: "request_overdue" as const, subject: request.id, day: today(request.dueUntil), userId: null, value: 1 },
    ...{ threshold: null, evidence: {} },
  }));
};

const rules: readonly Rule[] = [
  ...[manyAccesses, offHours, sameNumber, refusals, numberSearches, largeExport],
  ...[failed("log_broken", ["audit_log.verified"]), sealingHeld],
  ...[failed("store_check_failed", ["storage.checked", "store_scan.finished"]), requestOverdue, siemStreamStopped],
];

/** What the rules find of these days (calendar days in the controller's zone). */
export async function findAlerts(
  db: ReadDatabase,
  days: readonly string[],
  settings: OversightSettings,
): Promise<FoundAlert[]> {
  const found: FoundAlert[] = [];
  for (const day of days) for (const rule of rules) found.push(...(await rule(db, day, settings)));
  return found;
}
