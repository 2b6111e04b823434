import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { isUnderChange } from "@/lib/recordings/is-under-change";

/** Stored recordings whose date has come at `now`. */
export function isPastDate(now: Date): SQL {
  return sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= ${now.toISOString()}::timestamptz`;
}

/** Past its date, and the date is certain: no change of a policy that concerns it is still moving recordings. */
export function isDue(now: Date): SQL {
  return sql`${isPastDate(now)} and not ${isUnderChange()}`;
}
