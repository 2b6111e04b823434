import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Certificate } from "pkijs";
import { noteAttempt, noteAttestor } from "@/lib/audit/attestations/attestor";
import { readAuthorities, readTimeStamp, timeStampRequest } from "@/lib/audit/attestations/time-stamp";
import {
  authorityClockToleranceMs,
  configuredTimeStamps,
  timeStampsId,
  type TimeStampSettings,
} from "@/lib/audit/attestations/time-stamp-state";
import { putOnce } from "@/lib/audit/tree/publish-tree";
import { timestampPath, treePrefix } from "@/lib/audit/tree/tile-names";
import { log } from "@/lib/core/log";
import { postLimited } from "@/lib/core/limited-request";
import { database, type Database, type ReadDatabase } from "@/lib/db/client";
import { auditCheckpoints, auditSeals, auditTimestamps } from "@/lib/db/schema/audit";
import type { ObjectStore } from "@/lib/storage/object-store";

/** A little less than a day, so that the time does not wander through the day. */
const everyMs = 23 * 3_600_000 + 30 * 60_000;

/** Of an answer; an object of a tree is no longer. */
const answerBytes = 60_000;

type Work = {
  store: ObjectStore;
  db?: Database;
  signal?: AbortSignal;
  settings?: TimeStampSettings | null;
  /** Asks also if the last time stamp is not a day old. */
  atOnce?: boolean;
};

/** `sequence`: the seal whose checkpoint was stamped now; null if none was due. `failure`: the code of a failure. */
export type Stamped = { sequence: number | null; failure: string | null };

/**
 * Has the authority stamp the newest published checkpoint, once a day, keeps the time stamp and publishes it. Safe at
 * any time, in several processes and after a crash: the first one that is kept is the one published.
 */
export async function stampCheckpoint({
  store,
  db = database(),
  signal,
  settings = configuredTimeStamps(),
  atOnce = false,
}: Work): Promise<Stamped> {
  if (!settings) return { sequence: null, failure: "not_configured" };
  await noteAttestor(db, timeStampsId);
  await publishTimeStamps(store, db);
  const next = await nextToStamp(db, atOnce);
  if (!next) {
    await noteAttempt(db, timeStampsId, { failure: null });
    return { sequence: null, failure: null };
  }
  const asked = await askAuthority(settings, next, signal);
  const failure = "failure" in asked ? asked.failure : null;
  if ("response" in asked) {
    const { response, at: stampedAt } = asked;
    await db.insert(auditTimestamps).values({ sequence: next.sequence, stampedAt, response }).onConflictDoNothing();
  } else
    log.warn({ failure, sequence: next.sequence }, "the audit log's checkpoint got no time stamp; it is asked again");
  await noteAttempt(db, timeStampsId, { failure });
  await publishTimeStamps(store, db);
  return { sequence: failure === null ? next.sequence : null, failure };
}

/** The newest published checkpoint, if it has no time stamp and the last one is old enough. */
async function nextToStamp(db: ReadDatabase, atOnce: boolean) {
  const { sequence, note, publishedAt } = auditCheckpoints;
  const [newest] = await db
    .select({ sequence, note, sealedAt: auditSeals.sealedAt })
    .from(auditCheckpoints)
    .innerJoin(auditSeals, eq(auditSeals.sequence, sequence))
    .where(isNotNull(publishedAt))
    .orderBy(desc(sequence))
    .limit(1);
  const { sequence: stamped, stampedAt } = auditTimestamps;
  const [last] = await db.select({ stamped, stampedAt }).from(auditTimestamps).orderBy(desc(stamped)).limit(1);
  if (!newest || newest.sequence <= (last?.stamped ?? 0)) return null;
  const age = last ? Date.now() - last.stampedAt.getTime() : Infinity;
  // One of the future, from a clock that was wrong, keeps nobody waiting until then.
  const isRecent = age >= -authorityClockToleranceMs && age < everyMs;
  return isRecent && !atOnce ? null : newest;
}

async function askAuthority(
  { url, user, password, ca }: TimeStampSettings,
  { note, sealedAt }: { note: string; sealedAt: Date },
  signal: AbortSignal | undefined,
): Promise<{ response: Buffer; at: Date } | { failure: string }> {
  let authorities: Certificate[] | null = null;
  try {
    if (ca) authorities = await readAuthorities(ca);
  } catch (error) {
    log.error({ error }, "AUDIT_TIMESTAMP_CA cannot be read");
    return { failure: "tsa_ca_unreadable" };
  }
  const { body, nonce } = timeStampRequest(note);
  const authorization = user && `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
  const posted = await postLimited(url, body, {
    headers: { "content-type": "application/timestamp-query", ...(authorization ? { authorization } : {}) },
    answerBytes,
    signal,
  });
  if ("failure" in posted) return posted;
  const { status, body: response, isWhole } = posted.answer;
  if (!isWhole) return { failure: "answer_too_large" };
  if (status !== 200) return { failure: `http_${status}` };
  const read = await readTimeStamp(response, note, authorities);
  if ("failure" in read) return read;
  if (read.nonce !== nonce) return { failure: "tsa_answer_invalid" };
  const isTooEarly = read.at.getTime() < sealedAt.getTime() - authorityClockToleranceMs;
  const isTooLate = read.at.getTime() > Date.now() + authorityClockToleranceMs;
  // It would be kept for ever, and each verification would find it invalid.
  return isTooEarly || isTooLate ? { failure: "tsa_clock_wrong" } : { response, at: read.at };
}

/** Writes the time stamps that the store lacks. */
async function publishTimeStamps(store: ObjectStore, db: Database): Promise<void> {
  const { sequence, response, publishedAt } = auditTimestamps;
  const waiting = await db
    .select({ sequence, response, origin: auditCheckpoints.origin })
    .from(auditTimestamps)
    .innerJoin(auditCheckpoints, eq(auditCheckpoints.sequence, sequence))
    .where(isNull(publishedAt));
  for (const row of waiting) {
    const key = treePrefix(row.origin) + timestampPath(row.sequence);
    if (!(await putOnce(store, key, row.response, "application/timestamp-reply"))) continue;
    await db
      .update(auditTimestamps)
      .set({ publishedAt: new Date() })
      .where(and(eq(sequence, row.sequence), isNull(publishedAt)));
  }
}
