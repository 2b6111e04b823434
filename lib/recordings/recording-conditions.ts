import { and, eq, gte, lt, ne, or, sql, type SQL, type SQLWrapper } from "drizzle-orm";
import { startOfDay } from "@/lib/core/time";
import { agents, recordings } from "@/lib/db/schema";
import { isNamed } from "@/lib/recordings/agents/agents-named";
import { isBlocked } from "@/lib/recordings/blocking/blocked";
import { ofCallsWith } from "@/lib/recordings/call-rows";
import type { TaxIdKind } from "@/lib/db/schema/recording-words";
import { hasDoubtfulDate } from "@/lib/recordings/doubtful-date";
import type { Answer, CardDataHandling } from "@/lib/recordings/handling/call-handling";
import { parseNumberToken, type NumberDigests } from "@/lib/recordings/number-token";
import { isNotQuarantined, isQuarantined } from "@/lib/recordings/quarantine/quarantined";
import type { RecordingFilters } from "@/lib/recordings/recording-filters";
import { isHeld } from "@/lib/recordings/may-be-deleted";

/** Duration for sorting and comparison; an unknown one counts as zero. Matches the index `recordings_duration`. */
export const durationOrZero = sql<number>`coalesce(${recordings.durationMs}, 0)`;

/**
 * The conditions of the set filters. The unit is not included: it selects the lanes of the list. A number, or a
 * reference such as the protocol, finds all recordings of a call of which one has it; the others may name none.
 * Quarantined recordings are left out unless the filters ask for them, which needs `recording:read-quarantined`.
 * @param scope which recordings the reader may see: one that they may not see must not bring in others of its call.
 */
export function recordingConditions(filters: RecordingFilters, scope: SQL): SQL[] {
  const ofCalls = (condition: SQL) => ofCallsWith(and(scope, condition)!);
  const conditions: (SQL | undefined)[] = [
    filters.from && gte(recordings.startedAt, startOfDay(filters.from)),
    filters.to && lt(recordings.startedAt, startOfDay(filters.to, 1)),
    filters.queueId && eq(recordings.queueId, filters.queueId),
    filters.agentId && eq(recordings.agentId, filters.agentId),
    filters.direction && eq(recordings.direction, filters.direction),
    filters.callKind && eq(recordings.callKind, filters.callKind),
    filters.number && ofCalls(numberCondition(filters.number, filters.numberMatch)),
    filters.protocol && ofCalls(eq(recordings.protocolIndex, digestOf(filters.protocol))),
    filters.customerReference && ofCalls(eq(recordings.customerReferenceIndex, digestOf(filters.customerReference))),
    filters.taxId && ofCalls(eq(recordings.taxIdIndex, digestOf(filters.taxId))),
    filters.agentName && hasAgentNamed(filters.agentName),
    filters.numberKind && eq(recordings.numberKind, filters.numberKind),
    filters.taxIdKind && isWord(recordings.taxIdKind, filters.taxIdKind),
    filters.announcementPlayed && isWord(recordings.announcementPlayed, filters.announcementPlayed),
    filters.sensitiveContent && isWord(recordings.sensitiveContent, filters.sensitiveContent),
    filters.cardDataHandling && isWord(recordings.cardDataHandling, filters.cardDataHandling),
    filters.quarantined !== "any" && (filters.quarantined === "yes" ? isQuarantined() : isNotQuarantined()),
    filters.minSeconds !== undefined && gte(durationOrZero, filters.minSeconds * 1000),
    filters.maxSeconds !== undefined && lt(durationOrZero, (filters.maxSeconds + 1) * 1000),
    filters.state && eq(recordings.state, filters.state),
    filters.dueFrom && gte(recordings.retainUntil, startOfDay(filters.dueFrom)),
    filters.dueTo && lt(recordings.retainUntil, startOfDay(filters.dueTo, 1)),
    // Retention deletes none with a doubtful date and none that is blocked, on whatever day.
    (filters.dueFrom || filters.dueTo) && sql`not ${hasDoubtfulDate()} and not ${isBlocked()}`,
    filters.policyId && eq(recordings.retentionPolicyId, filters.policyId),
    filters.doubtfulDate && doubtCondition(filters.doubtfulDate),
    filters.blocked && (filters.blocked === "yes" ? isBlocked() : sql`not ${isBlocked()}`),
    filters.held && (filters.held === "yes" ? isHeld() : sql`not ${isHeld()}`),
  ].map((condition) => condition || undefined);
  return conditions.filter((condition) => condition !== undefined);
}

/** Compares with one of our own words, as a literal: PostgreSQL does not match a parameter with a partial index. */
const isWord = (column: SQLWrapper, word: Answer | CardDataHandling | TaxIdKind) =>
  sql`${column} = ${sql.raw(`'${word}'`)}`;

const hasAgentNamed = (token: string) =>
  sql`${recordings.agentId} = any(array(select ${agents.id} from ${agents} where ${isNamed(token)}))`;

const digestOf = (token: string) => Buffer.from(token, "base64url");

/** Only a stored recording has a date that matters. Written so that PostgreSQL uses the index of the doubtful ones. */
const doubtCondition = (which: "yes" | "no") =>
  which === "yes" ? sql`${recordings.state} = 'stored' and ${hasDoubtfulDate()}` : sql`not ${hasDoubtfulDate()}`;

/**
 * Either the calls of exactly this number, or the candidates: the same mobile number with or without its ninth digit,
 * and what was not understood and ends in the same four digits. Four digits alone have candidates only.
 */
export function numberCondition(token: string, match: RecordingFilters["numberMatch"] = "exact"): SQL {
  const digests = parseNumberToken(token);
  const { exact, firstVersion, lastFour } = digests;
  if (exact === null) return eq(recordings.numberLastFourIndex, lastFour!);
  if (match === "candidate") return candidateCondition(exact, digests);
  const isExact = eq(recordings.customerNumberIndex, exact);
  if (firstVersion === null) return isExact;
  return or(isExact, and(eq(recordings.customerNumberIndex, firstVersion), isOfFirstVersion))!;
}

const isOfFirstVersion = sql`${recordings.numberVersion} is null`;

function candidateCondition(
  exact: Buffer,
  { tail, isTailOfFirstVersion, lastFour, firstVersion }: Omit<NumberDigests, "exact">,
): SQL {
  const isSameMobile =
    tail &&
    and(
      eq(recordings.customerNumberTailIndex, tail),
      ne(recordings.customerNumberIndex, exact),
      firstVersion ? ne(recordings.customerNumberIndex, firstVersion) : undefined,
      // Both from before: the digest may be shared by a landline and a mobile number.
      isTailOfFirstVersion ? sql`not ${isOfFirstVersion}` : undefined,
    );
  // A literal: PostgreSQL does not match a parameter with a partial index.
  const endsAlike =
    lastFour && and(eq(recordings.numberLastFourIndex, lastFour), sql`${recordings.numberKind} = 'not_understood'`);
  return or(isSameMobile ?? undefined, endsAlike ?? undefined) ?? sql`false`;
}

/** Whether a search finds candidates, which take part in no bulk action until a person has confirmed them. */
export function findsCandidates({ number, numberMatch }: Pick<RecordingFilters, "number" | "numberMatch">): boolean {
  return number !== undefined && (numberMatch === "candidate" || parseNumberToken(number).exact === null);
}
