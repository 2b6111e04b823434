import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * Days for which retention leaves a recording alone after it was stored. A call may arrive with a date long past: from
 * an import of old calls, a wrong clock or a slip in a manifest. Somebody can correct it before the audio is gone.
 */
export const daysAfterArrival = 7;

/** Days of 24 hours: `interval '7 days'` would depend on the session's time zone. */
const afterArrival = sql.raw(`interval '${daysAfterArrival * 24} hours'`);

/** The first instant at which the days after arrival are over. Null for what was never stored. */
export const arrivalEnds = (): SQL<Date> =>
  sql<Date>`(${recordings.storedAt} + ${afterArrival})`.mapWith(recordings.storedAt);

/** Stored less than seven days ago by the database's clock: retention, and it alone, does not delete it yet. */
export function hasJustArrived(): SQL {
  return sql`(${recordings.storedAt} > now() - ${afterArrival})`;
}

/** It is the days after arrival, and not its date, that keep a stored recording from retention now or soon. */
export function isLeftAlone(): SQL {
  return sql`(${recordings.state} = 'stored' and ${hasJustArrived()} and ${recordings.retainUntil} < ${arrivalEnds()})`;
}

/** The first instant at which retention may delete a stored recording: after its date and the days after arrival. */
export const deletableFrom = (): SQL<Date> =>
  sql<Date>`greatest(${recordings.retainUntil}, ${arrivalEnds()})`.mapWith(recordings.retainUntil);

/** `deletableFrom` lies at `from` or later; written so that the index of the dates is used. */
export function isDeletableSince(from: Date): SQL {
  const instant = sql`${from.toISOString()}::timestamptz`;
  return sql`(${recordings.retainUntil} >= ${instant} or ${recordings.storedAt} >= ${instant} - ${afterArrival})`;
}

/** `deletableFrom` lies before `until`. */
export function isDeletableBefore(until: Date): SQL {
  const instant = sql`${until.toISOString()}::timestamptz`;
  const hasSettled = sql`coalesce(${recordings.storedAt} < ${instant} - ${afterArrival}, true)`;
  return sql`(${recordings.retainUntil} < ${instant} and ${hasSettled})`;
}
