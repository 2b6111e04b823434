import { sql, type SQL } from "drizzle-orm";
import { recordings } from "@/lib/db/schema/recordings";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { isUnderChange } from "@/lib/recordings/change-in-progress";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";

/** Stored recordings whose deletion date has passed at `now`, or by the database's clock (`transactionNow`). */
export function isPastDate(now: Date | SQL): SQL {
  const moment = now instanceof Date ? sql`${now.toISOString()}::timestamptz` : now;
  return sql`${recordings.state} = 'stored' and ${recordings.retainUntil} <= ${moment}`;
}

/** Past its date, but that is doubtful, so retention does not delete it. */
export function isPastDoubtfulDate(now: Date): SQL {
  return sql`${isPastDate(now)} and ${hasDoubtfulDate()}`;
}

/** Past its date, which is not doubtful, but its processing is suspended, so retention does not delete it. */
export function isPastDateBlocked(now: Date): SQL {
  return sql`${isPastDate(now)} and not ${hasDoubtfulDate()} and ${isBlocked()}`;
}

/** Past its date, which is not doubtful, and not blocked: to be deleted unless something else keeps it. */
export function isOverdue(now: Date | SQL): SQL {
  return sql`${isPastDate(now)} and not ${hasDoubtfulDate()} and not ${isBlocked()}`;
}

/** Overdue, with a final date: no policy change is still recalculating it. */
export function isDue(now: Date | SQL): SQL {
  return sql`${isOverdue(now)} and not ${isUnderChange()}`;
}
