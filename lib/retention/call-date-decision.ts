import { and, asc, eq, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { instantOf, localDateTime } from "@/lib/core/time";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { ofCall } from "@/lib/db/recording-ids";
import { recordings, units } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { AppError } from "@/lib/core/errors";
import type { Actor } from "@/lib/operation/actor";
import { isInFuture } from "@/lib/recordings/doubtful-date";
import { lastTriggers, type ReportedTriggers } from "@/lib/recordings/last-triggers";
import { recordingScope } from "@/lib/recordings/recording-scope";
import { nextDates } from "@/lib/retention/dates-calculator";
import { activePolicies } from "@/lib/retention/policies/policy-rows";
import { policiesFor, recordingDates, type ActivePolicy, type RecordingDates } from "@/lib/retention/recording-dates";

/** The start that a person gives: the recorded one confirms it. Without an offset in the time zone of the unit. */
export const callDateInput = z.object({
  recordingId: z.uuid(),
  startedAt: z.iso.datetime({ offset: true, local: true }),
});

export type DoubtfulRecording = typeof recordings.$inferSelect;

/** What a decision gives one recording. */
export type DecidedDates = { recording: DoubtfulRecording; dates: RecordingDates; minimumKept: boolean };

/** The recordings of one call whose doubtful start is decided together, and the start that they get. */
export type CallDateDecision = { startedAt: Date; isCorrection: boolean; decided: DecidedDates[] };

/**
 * Reads what a decision about a call's start does: the recording, and those of its call that were stored with the same
 * doubtful start, get the dates that today's policies give. In a transaction that writes them, `lock` keeps the rows.
 * @throws AppError `not_found`; `conflict` if the start is not, or no longer, doubtful, or the recording is not stored;
 * `invalid_input` for a start in the future.
 */
export async function readCallDateDecision(
  db: ReadDatabase | Transaction,
  actor: Actor,
  { recordingId, startedAt: text }: z.output<typeof callDateInput>,
  lock = false,
): Promise<CallDateDecision> {
  const { found, timeZone } = await findRecording(db, actor, recordingId);
  const startedAt = startOf(text, found.startedAt, timeZone);
  const isDoubtful = and(
    ofCall(found),
    recordingScope(actor),
    sql`${recordings.state} = 'stored' and ${recordings.dateDoubt} is not null`,
    eq(recordings.startedAt, found.startedAt),
  )!;
  const rows = await readRows(db, isDoubtful, lock);
  if (!rows.some(({ id }) => id === recordingId)) throw new AppError("conflict", "its date is not doubtful");
  const policies = await activePolicies(db as Transaction);
  const triggers = await lastTriggers(
    db,
    rows.map(({ id }) => id),
  );
  const decided = rows.map((row) => decide(policies, row, triggers.get(row.id) ?? {}, startedAt));
  return { startedAt, isCorrection: startedAt.getTime() !== found.startedAt.getTime(), decided };
}

async function findRecording(db: ReadDatabase | Transaction, actor: Actor, recordingId: string) {
  const [row] = await db
    .select({ found: recordings, timeZone: units.timeZone })
    .from(recordings)
    .innerJoin(units, eq(units.id, recordings.unitId))
    .where(and(eq(recordings.id, recordingId), recordingScope(actor)));
  if (!row) throw new AppError("not_found");
  return row;
}

/** In order of id, as every other transaction locks the recordings of a call. */
async function readRows(db: ReadDatabase | Transaction, condition: SQL, lock: boolean): Promise<DoubtfulRecording[]> {
  const rows = db.select().from(recordings).where(condition).orderBy(asc(recordings.id));
  return lock ? rows.for("update") : rows;
}

/** Forms give whole seconds: the same second of the recorded start, as its clocks showed it, is that start. */
function startOf(text: string, recorded: Date, timeZone: string): Date {
  const written = text.length === 16 ? `${text}:00` : text;
  const startedAt = written === localDateTime(recorded, timeZone) ? recorded : instantOf(text, timeZone);
  const reason = isInFuture(startedAt) ? "in_the_future" : startedAt.getTime() < Date.UTC(1900) ? "invalid" : null;
  if (reason) throw new AppError("invalid_input", reason, { fields: [{ path: "startedAt", reason }] });
  return startedAt;
}

/**
 * One person never brings a legal minimum forward. That of a start in the future is counted at most from the day on
 * which the recording was stored, because its call began before.
 */
function decide(
  policies: ActivePolicy[],
  recording: DoubtfulRecording,
  triggers: ReportedTriggers,
  startedAt: Date,
): DecidedDates {
  const datesFrom = (start: Date) =>
    recordingDates(policiesFor(policies, recording), { startedAt: start, triggers }, env().CONTROLLER_TIME_ZONE);
  const storedAt = recording.storedAt!;
  const computed = datesFrom(startedAt);
  if (!computed) throw new AppError("default_policy_required", "there is no default retention policy");
  const current = recording.startedAt > storedAt ? datesFrom(storedAt)! : recording;
  const dates = nextDates(current, computed, false);
  return { recording, dates, minimumKept: dates.minimumUntil?.getTime() !== computed.minimumUntil?.getTime() };
}
