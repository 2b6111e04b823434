import { sql, type SQL } from "drizzle-orm";
import type { dateDoubts } from "@/lib/db/schema/recording-words";
import { recordings } from "@/lib/db/schema/recordings";

export type DateDoubt = (typeof dateDoubts)[number];

/** The start of the call is doubtful: retention keeps the recording until a person confirms or corrects it. */
export function hasDoubtfulDate(): SQL {
  return sql`(${recordings.dateDoubt} is not null)`;
}

/** Clocks of phone systems differ from the portal's by less than this. */
const clockToleranceMs = 24 * 60 * 60 * 1000;

/** Whether a call cannot have begun yet, whatever the clocks. */
export const isInFuture = (startedAt: Date, now = new Date()) => startedAt.getTime() > now.getTime() + clockToleranceMs;

type Arrival = { startedAt: Date; dateDoubt: DateDoubt | null; acceptsDue: boolean };

/**
 * Why the start of a recording that is stored now is doubtful, or null. Retention would delete one past its date within
 * the hour: that is right only if its sender accepted it.
 * @param retainUntil the date that its policies give for this start.
 */
export function doubtOnArrival(
  { startedAt, dateDoubt, acceptsDue }: Arrival,
  retainUntil: Date,
  now: Date,
): DateDoubt | null {
  if (dateDoubt === "sender") return dateDoubt;
  if (isInFuture(startedAt, now)) return "future";
  return retainUntil <= now && !acceptsDue ? "past_retention" : null;
}
