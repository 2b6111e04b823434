import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { hasJustArrived } from "@/lib/recordings/arrival";
import { isUnderChange } from "@/lib/recordings/change-in-progress";

/** Stored recordings whose deletion date has passed at `now`. */
export function isPastDate(now: Date): SQL {
  return sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= ${now.toISOString()}::timestamptz`;
}

/** Past its date, but stored so recently that retention does not delete it yet. */
export function isPastDateOnArrival(now: Date): SQL {
  return sql`${isPastDate(now)} and ${hasJustArrived()}`;
}

/** Past its date and not recently stored: to be deleted unless something else keeps it. */
export function isOverdue(now: Date): SQL {
  return sql`${isPastDate(now)} and not ${hasJustArrived()}`;
}

/** Overdue, with a final date: no policy change is still recalculating it. */
export function isDue(now: Date): SQL {
  return sql`${isOverdue(now)} and not ${isUnderChange()}`;
}
