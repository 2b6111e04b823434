import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";

/**
 * Retention does not delete a recording for this many days after it was stored. A call may arrive with a date in the
 * distant past: an import of old calls, a wrong clock or an error in a manifest. These days leave time to correct it.
 */
export const daysAfterArrival = 7;

/** Days of 24 hours: `interval '7 days'` would depend on the session's time zone. */
const afterArrival = sql.raw(`interval '${daysAfterArrival * 24} hours'`);

/** The first instant after the days of protection on arrival. Null for a recording that was never stored. */
export const arrivalEnds = (): SQL<Date> =>
  sql<Date>`(${recordings.storedAt} + ${afterArrival})`.mapWith(recordings.storedAt);

/** Stored less than seven days ago by the database's clock. Retention does not delete it yet; other deletions may. */
export function hasJustArrived(): SQL {
  return sql`(${recordings.storedAt} > now() - ${afterArrival})`;
}

/** A stored recording whose date is, or will be, past while its recent arrival still protects it from retention. */
export function isProtectedByArrival(): SQL {
  return sql`(${recordings.state} = 'stored' and ${hasJustArrived()} and ${recordings.retainUntil} < ${arrivalEnds()})`;
}

/** The first instant at which retention may delete a stored recording: after its date and after the arrival days. */
export const deletableFrom = (): SQL<Date> =>
  sql<Date>`greatest(${recordings.retainUntil}, ${arrivalEnds()})`.mapWith(recordings.retainUntil);

/** `deletableFrom` is at `from` or later. Written so that PostgreSQL uses the index of the dates. */
export function isDeletableSince(from: Date): SQL {
  const instant = sql`${from.toISOString()}::timestamptz`;
  return sql`(${recordings.retainUntil} >= ${instant} or ${recordings.storedAt} >= ${instant} - ${afterArrival})`;
}

/** `deletableFrom` is before `until`. */
export function isDeletableBefore(until: Date): SQL {
  const instant = sql`${until.toISOString()}::timestamptz`;
  const isPastArrival = sql`coalesce(${recordings.storedAt} < ${instant} - ${afterArrival}, true)`;
  return sql`(${recordings.retainUntil} < ${instant} and ${isPastArrival})`;
}
