import { sql } from "drizzle-orm";
import { recordings, subjectRequestMatches } from "@/lib/db/schema";

/** When a call began, of a recording and its match: an anonymised one knows the month alone, the match the day. */
export const callStart = sql<Date>`case when ${recordings.anonymisedAt} is null then ${recordings.startedAt}
  else coalesce(${subjectRequestMatches.startedAt}, ${recordings.startedAt})
  end`.mapWith(recordings.startedAt);
