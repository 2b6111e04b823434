import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { hasJustArrived } from "@/lib/recordings/arrival";
import { isUnderChange } from "@/lib/recordings/is-under-change";

/** Stored recordings whose date has come at `now`. */
export function isPastDate(now: Date): SQL {
  return sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= ${now.toISOString()}::timestamptz`;
}

/** Past its date, but stored so short a time ago that retention leaves it alone. */
export function isPastDateOnArrival(now: Date): SQL {
  return sql`${isPastDate(now)} and ${hasJustArrived()}`;
}

/** Past its date, and not stored just now: what is to be deleted unless something else keeps it. */
export function isOverdue(now: Date): SQL {
  return sql`${isPastDate(now)} and not ${hasJustArrived()}`;
}

/** Overdue, and the date is certain: no change of a policy that concerns it is still moving recordings. */
export function isDue(now: Date): SQL {
  return sql`${isOverdue(now)} and not ${isUnderChange()}`;
}
