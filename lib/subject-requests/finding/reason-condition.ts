import { sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { subjectRequestMatches } from "@/lib/db/schema";
import type { MatchReason } from "@/lib/db/schema/subject-request-words";

/** Whether a match has one of these reasons. @param column of a table under another name. */
export const hasOneOf = (reasons: readonly MatchReason[], column: SQLWrapper = subjectRequestMatches.reasons): SQL =>
  sql`${column} && ${`{${reasons.join(",")}}`}::text[]`;
