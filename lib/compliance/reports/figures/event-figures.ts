import { and, count, eq, gte, inArray, lt, sql } from "drizzle-orm";
import type { FigureName, Measured, ReportSection } from "@/lib/compliance/reports/figures/figure";
import { daysOf, type ReportPeriod } from "@/lib/compliance/reports/report-period";
import { startOfDay } from "@/lib/core/time";
import type { ReadDatabase } from "@/lib/db/client";
import { auditEvents } from "@/lib/db/schema/audit";
import { currentName, successorOf } from "@/lib/operation/audit-actions";

/** The part of a report that counts events, by the whole name of an action or by its noun. The first one applies. */
const parts: readonly (readonly [ReportSection, readonly string[]])[] = [
  ["refusals", ["access", "session.start_failed", "session.start_locked", "recording.playback_refused"]],
  ["refusals", ["recording.upload_refused", "approval.decision_refused", "subject_request.follow_up_refused"]],
  ["searches", ["recording.searched", "subject_request.searched"]],
  ["exports", ["audit_log.exported", "audit_report.taken", "subject_request.answer_taken"]],
  ["exports", ["subject_request.mandate_taken"]],
  ["deletions", ["recording.deleted", "recording.marked_for_deletion", "recording.deletion_stopped"]],
  ["deletions", ["recording.deletion_failed", "recording.derived_audio_deleted", "audit_report.deleted"]],
  ["deletions", ["receipt", "deletion_order", "erasure_ledger"]],
  ["holds", ["legal_hold"]],
  ["runs", ["retention_run"]],
  ["policies", ["retention_policy", "oversight", "message_text"]],
  ["rights", ["access_review", "user", "unit", "controller", "service_account", "api_key", "approval"]],
  ["requests", ["subject_request"]],
  ["storage", ["storage", "store_scan", "data_key.rewrapped"]],
  ["compliance", ["compliance", "control", "incident", "alert", "audit_log.verified"]],
];

/** The part that counts this kind of event; null: none does. */
export function partOf(action: string): ReportSection | null {
  const names = [action, action.split(".")[0]!];
  return parts.find(([, listed]) => names.some((name) => listed.includes(name)))?.[0] ?? null;
}

/** Within a day, so that no statement reads a whole period of a large log. */
const within = (day: string) => {
  const { occurredAt } = auditEvents;
  return and(gte(occurredAt, startOfDay(day)), lt(occurredAt, startOfDay(day, 1)));
};

/** Counts the events of each kind, those of the log, and the changes and refusals of each person. */
export async function eventFigures(db: ReadDatabase, period: ReportPeriod): Promise<Measured[]> {
  const sums = new Map<string, Measured>();
  const add = (figure: Measured) => {
    const key = JSON.stringify([figure.section, figure.name, figure.of]);
    sums.set(key, { ...figure, value: (sums.get(key)?.value ?? 0) + figure.value });
  };
  for (const day of daysOf(period)) for (const figure of await figuresOf(db, day)) add(figure);
  return [...sums.values()];
}

async function figuresOf(db: ReadDatabase, day: string): Promise<Measured[]> {
  const { action, outcome, actorId, actorType } = auditEvents;
  const isSuccess = sql<boolean>`${outcome} = 'success'`;
  const kinds = await db
    .select({ action, isSuccess, found: count() })
    .from(auditEvents)
    .where(within(day))
    .groupBy(action, isSuccess);
  const changes = kinds.map((kind) => kind.action).filter((name) => isChange(currentName(successorOf, name)));
  const people = await db
    .select({ action, actorId, found: count() })
    .from(auditEvents)
    .where(and(within(day), eq(actorType, "user"), inArray(action, ["access.denied", ...changes])))
    .groupBy(action, actorId);
  return [
    ...kinds.flatMap(({ action: signed, isSuccess: done, found }) => {
      const id = currentName(successorOf, signed);
      const section = partOf(id);
      const name: FigureName = done ? "events" : "failedEvents";
      const ofKind: Measured[] = section ? [{ section, name, of: { kind: "action", id }, value: found }] : [];
      return [...ofKind, { section: "integrity" as const, name: "logEvents" as const, of: null, value: found }];
    }),
    ...people.flatMap(({ action: signed, actorId: id, found }): Measured[] => {
      const section = partOf(currentName(successorOf, signed));
      if (id === null || section === null) return [];
      return [
        { section, name: section === "refusals" ? "denials" : "eventsBy", of: { kind: "user", id }, value: found },
      ];
    }),
  ];
}

const isChange = (action: string) => ["policies", "rights"].includes(partOf(action) ?? "");
