import { eq, gte, lt, or, sql, type SQL } from "drizzle-orm";
import { startOfDay } from "@/lib/core/time";
import { recordings } from "@/lib/db/schema";
import { isDeletableBefore, isDeletableSince } from "@/lib/recordings/arrival";
import { parseNumberToken } from "@/lib/recordings/number-token";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/** Duration for sorting and comparison; an unknown one counts as zero. Matches the index `recordings_duration`. */
export const durationOrZero = sql<number>`coalesce(${recordings.durationMs}, 0)`;

/** The conditions of the set filters. The unit is not included: it selects the lanes of the list. */
export function recordingConditions(filters: RecordingFilters): SQL[] {
  const conditions: (SQL | undefined)[] = [
    filters.from && gte(recordings.startedAt, startOfDay(filters.from)),
    filters.to && lt(recordings.startedAt, startOfDay(filters.to, 1)),
    filters.queueId && eq(recordings.queueId, filters.queueId),
    filters.agentId && eq(recordings.agentId, filters.agentId),
    filters.direction && eq(recordings.direction, filters.direction),
    filters.callKind && eq(recordings.callKind, filters.callKind),
    filters.number && numberCondition(filters.number),
    filters.minSeconds !== undefined && gte(durationOrZero, filters.minSeconds * 1000),
    filters.maxSeconds !== undefined && lt(durationOrZero, (filters.maxSeconds + 1) * 1000),
    filters.state && eq(recordings.state, filters.state),
    filters.dueFrom && isDeletableSince(startOfDay(filters.dueFrom)),
    filters.dueTo && isDeletableBefore(startOfDay(filters.dueTo, 1)),
    filters.policyId && eq(recordings.retentionPolicyId, filters.policyId),
    filters.held && (filters.held === "yes" ? isHeld() : sql`not ${isHeld()}`),
  ].map((condition) => condition || undefined);
  return conditions.filter((condition) => condition !== undefined);
}

/** By the whole number, or by area code and last 8 digits: matches a mobile number with and without the ninth digit. */
function numberCondition(token: string): SQL {
  const { exact, tail } = parseNumberToken(token);
  const isExact = eq(recordings.customerNumberIndex, exact);
  return tail === null ? isExact : or(isExact, eq(recordings.customerNumberTailIndex, tail))!;
}
