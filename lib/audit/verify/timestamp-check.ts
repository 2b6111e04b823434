import { and, asc, eq, gte, lte } from "drizzle-orm";
import type { Certificate } from "pkijs";
import { objectDamages } from "@/lib/audit/anchor";
import { readAuthorities, readTimeStamp } from "@/lib/audit/attestations/time-stamp";
import {
  authorityClockToleranceMs,
  readTimeStampState,
  type TimeStampSettings,
} from "@/lib/audit/attestations/time-stamp-state";
import { readCheckpointRow } from "@/lib/audit/tree/checkpoint-row";
import { readObject } from "@/lib/audit/tree/publish-tree";
import { timestampPath, treePrefix } from "@/lib/audit/tree/tile-names";
import { clockToleranceMs } from "@/lib/audit/verify/event-verification";
import type { Finding, Findings } from "@/lib/audit/verify/finding";
import type { ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals, auditTimestamps } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";

export type TimeStampCheck = {
  /** Null: the store is not read. */
  store: ObjectStore | null;
  db: ReadDatabase;
  findings: Findings;
  fromSequence: number;
  toSequence: number;
  timeStamps: TimeStampSettings | null;
  startedAt: number;
};

type Stamp = { seal: number; at: string };

/** `isTrusted`: each leads to an authority of the settings; without one, only imprint and signature were checked. */
export type TimeStampReport = { count: number; oldest: Stamp | null; newest: Stamp | null; isTrusted: boolean };

const timestampKey = /^tlog\/[^/]+\/\d+\/timestamps\/(\d{12})\.tsr$/;

/**
 * Checks the time stamps of the database, and those of the store against them.
 * @param keys of the trees in the store, listed before the snapshot of the database; null: not read. @throws StoreError
 */
export async function checkTimeStamps(keys: readonly string[] | null, check: TimeStampCheck): Promise<TimeStampReport> {
  const { db, findings, timeStamps, startedAt, toSequence } = check;
  const authorities = await authoritiesOf(check);
  const report: TimeStampReport = { count: 0, oldest: null, newest: null, isTrusted: authorities !== null };
  const present = keys && new Set(keys);
  const expected = new Map<string, Buffer>();
  for (const row of await readRows(check)) {
    const key = row.origin === null ? null : treePrefix(row.origin) + timestampPath(row.sequence);
    if (key) expected.set(key, row.response);
    const isOld = row.publishedAt && row.publishedAt.getTime() < startedAt - clockToleranceMs;
    if (key && isOld && present?.has(key) === false)
      findings.add({ code: "timestamp_missing", seal: row.sequence, detail: `${key} is missing in the object store` });
    const problem = await problemOf(row, authorities);
    if (problem) findings.add({ seal: row.sequence, ...problem });
    else {
      report.newest = { seal: row.sequence, at: row.stampedAt.toISOString() };
      report.oldest ??= report.newest;
      report.count += 1;
    }
  }
  if (keys) for (const key of keys) await comparePublished(key, expected, check);
  const state = toSequence === Infinity ? await readTimeStampState(db, timeStamps) : null;
  if (state?.isLate) {
    const last = state.newest ? `the last one is of ${state.newest.stampedAt.toISOString()}` : "there is none yet";
    findings.add({ code: "timestamp_late", detail: state.failure ? `${last}: ${state.failure}` : last });
  }
  return report;
}

/** Null without a setting, and if it cannot be read; that is reported. */
async function authoritiesOf({ timeStamps, findings }: TimeStampCheck): Promise<Certificate[] | null> {
  try {
    return timeStamps?.ca ? await readAuthorities(timeStamps.ca) : null;
  } catch {
    findings.add({ code: "timestamp_untrusted", detail: "AUDIT_TIMESTAMP_CA cannot be read" });
    return null;
  }
}

type Row = Awaited<ReturnType<typeof readRows>>[number];

/** One a day: a few thousand in years. */
function readRows({ db, fromSequence, toSequence }: TimeStampCheck) {
  const { sequence, stampedAt, response, publishedAt } = auditTimestamps;
  const { note, origin } = auditCheckpoints;
  return db
    .select({ ...{ sequence, stampedAt, response, publishedAt }, note, origin, sealedAt: auditSeals.sealedAt })
    .from(auditTimestamps)
    .leftJoin(auditCheckpoints, eq(auditCheckpoints.sequence, sequence))
    .leftJoin(auditSeals, eq(auditSeals.sequence, sequence))
    .where(and(gte(sequence, fromSequence), toSequence === Infinity ? undefined : lte(sequence, toSequence)))
    .orderBy(asc(sequence));
}

async function problemOf(
  { note, response, stampedAt, sealedAt }: Row,
  authorities: Certificate[] | null,
): Promise<Pick<Finding, "code" | "detail"> | null> {
  const invalid = (detail: string) => ({ code: "timestamp_invalid" as const, detail });
  if (note === null || !sealedAt) return invalid("is of a checkpoint that is missing");
  const read = await readTimeStamp(response, note, authorities);
  if ("failure" in read && read.failure === "tsa_untrusted")
    return { code: "timestamp_untrusted", detail: "its certificate leads to no authority of AUDIT_TIMESTAMP_CA" };
  if ("failure" in read) return invalid(`does not fit the checkpoint (${read.failure})`);
  if (read.at.getTime() !== stampedAt.getTime()) return invalid("is of another time than the database says");
  if (read.at.getTime() > Date.now() + authorityClockToleranceMs)
    return invalid(`is of ${read.at.toISOString()}, which is in the future`);
  return read.at.getTime() < sealedAt.getTime() - authorityClockToleranceMs
    ? invalid(`is of ${read.at.toISOString()}, before the seal's time ${sealedAt.toISOString()}`)
    : null;
}

async function comparePublished(
  key: string,
  expected: ReadonlyMap<string, Buffer>,
  { store, db, findings, fromSequence, toSequence }: TimeStampCheck,
): Promise<void> {
  const [, number] = timestampKey.exec(key) ?? [];
  const seal = Number(number);
  if (number === undefined || seal < fromSequence || seal > toSequence) return;
  const found = await readUndamaged(store!, key);
  const known = expected.get(key);
  if (found && known?.equals(found)) return;
  const row = known || !found ? undefined : await readCheckpointRow(db, seal);
  const isOfCheckpoint = row && found && !("failure" in (await readTimeStamp(found, row.note, null)));
  findings.add(
    isOfCheckpoint
      ? { code: "timestamp_missing", seal, detail: `the database lacks ${key}` }
      : { code: "timestamp_invalid", seal, detail: `${key} is damaged, or no time stamp of the log's checkpoint` },
  );
}

/** Null if the object is damaged or gone. @throws StoreError if the store does not answer. */
async function readUndamaged(store: ObjectStore, key: string): Promise<Buffer | null> {
  try {
    return await readObject(store, key);
  } catch (error) {
    if (error instanceof StoreError && objectDamages.has(error.code)) return null;
    throw error;
  }
}
