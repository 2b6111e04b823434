import { eq, inArray, sql } from "drizzle-orm";
import type { ReadDatabase } from "@/lib/db/client";
import {
  accessReviews,
  alerts,
  apiKeys,
  auditReports,
  approvals,
  deletionOrders,
  jobs,
  legalHolds,
  messages,
  messageTexts,
  recordings,
  retentionPolicies,
  retentionRuns,
  serviceAccounts,
  storeScanFindings,
  storeScans,
  subjectRequests,
  units,
  users,
} from "@/lib/db/schema";

/** What tells the target of an event from others of its kind. Looked up when shown: the log holds ids alone. */
export type EventObject = {
  /** A name, protocol or matter; of a message or a job a code that the page has words for. */
  name?: string;
  /** When the call, run, order or request began. Of an anonymised call only the month is known. */
  at?: Date;
  isMonth?: boolean;
  /** The zone of a call's time. */
  timeZone?: string;
  unit?: string;
};

type Read = (db: ReadDatabase, ids: string[]) => Promise<(EventObject & { id: string })[]>;

const call: Read = async (db, ids) => {
  const rows = await db
    .select({
      id: recordings.id,
      at: recordings.startedAt,
      anonymisedAt: recordings.anonymisedAt,
      timeZone: units.timeZone,
      unit: units.name,
    })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(inArray(recordings.id, ids));
  return rows.map(({ anonymisedAt, ...row }) => ({ ...row, isMonth: anonymisedAt !== null }));
};

/** How to find the targets of each kind, in one query for a page of events. */
const readers: Record<string, Read> = {
  recording: call,
  user: (db, ids) => db.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, ids)),
  unit: (db, ids) => db.select({ id: units.id, name: units.name }).from(units).where(inArray(units.id, ids)),
  service_account: (db, ids) =>
    db
      .select({ id: serviceAccounts.id, name: serviceAccounts.name })
      .from(serviceAccounts)
      .where(inArray(serviceAccounts.id, ids)),
  api_key: (db, ids) =>
    db.select({ id: apiKeys.id, name: apiKeys.prefix }).from(apiKeys).where(inArray(apiKeys.id, ids)),
  retention_policy: (db, ids) =>
    db
      .select({ id: retentionPolicies.id, name: retentionPolicies.name })
      .from(retentionPolicies)
      .where(inArray(retentionPolicies.id, ids)),
  legal_hold: (db, ids) =>
    db.select({ id: legalHolds.id, name: legalHolds.matter }).from(legalHolds).where(inArray(legalHolds.id, ids)),
  subject_request: (db, ids) =>
    db
      .select({ id: subjectRequests.id, name: subjectRequests.protocol })
      .from(subjectRequests)
      .where(inArray(subjectRequests.id, ids)),
  retention_run: (db, ids) =>
    db
      .select({ id: retentionRuns.id, at: retentionRuns.startedAt })
      .from(retentionRuns)
      .where(inArray(retentionRuns.id, ids)),
  deletion_order: (db, ids) =>
    db
      .select({ id: deletionOrders.id, at: deletionOrders.createdAt })
      .from(deletionOrders)
      .where(inArray(deletionOrders.id, ids)),
  approval: (db, ids) =>
    db
      .select({ id: approvals.id, name: approvals.kind, at: approvals.createdAt })
      .from(approvals)
      .where(inArray(approvals.id, ids)),
  store_scan: (db, ids) =>
    db.select({ id: storeScans.id, at: storeScans.startedAt }).from(storeScans).where(inArray(storeScans.id, ids)),
  store_scan_finding: (db, ids) =>
    db
      .select({ id: storeScanFindings.id, name: storeScanFindings.kind })
      .from(storeScanFindings)
      .where(inArray(storeScanFindings.id, ids)),
  access_review: (db, ids) =>
    db
      .select({ id: accessReviews.id, at: accessReviews.createdAt })
      .from(accessReviews)
      .where(inArray(accessReviews.id, ids)),
  alert: (db, ids) =>
    db.select({ id: alerts.id, name: alerts.rule, at: alerts.createdAt }).from(alerts).where(inArray(alerts.id, ids)),
  audit_report: (db, ids) =>
    db
      .select({ id: auditReports.id, name: sql<string>`${auditReports.fromDay} || ' – ' || ${auditReports.toDay}` })
      .from(auditReports)
      .where(inArray(auditReports.id, ids)),
  job: (db, ids) => db.select({ id: jobs.id, name: jobs.kind }).from(jobs).where(inArray(jobs.id, ids)),
  message: (db, ids) =>
    db.select({ id: messages.id, name: messages.template }).from(messages).where(inArray(messages.id, ids)),
  message_text: (db, ids) =>
    db
      .select({ id: messageTexts.id, name: messageTexts.template })
      .from(messageTexts)
      .where(inArray(messageTexts.id, ids)),
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What is known of each target, by its id. What was never there or is gone is left out. */
export async function readEventObjects(
  db: ReadDatabase,
  targets: readonly { type: string; id: string }[],
): Promise<Map<string, EventObject>> {
  const types = [...new Set(targets.map(({ type }) => type))].filter((type) => Object.hasOwn(readers, type));
  const found = await Promise.all(
    types.map(async (type) => {
      const ids = targets.filter((target) => target.type === type && uuid.test(target.id)).map(({ id }) => id);
      return ids.length === 0 ? [] : readers[type]!(db, [...new Set(ids)]);
    }),
  );
  return new Map(found.flat().map(({ id, ...object }) => [id, object]));
}
