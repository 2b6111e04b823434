import { and, eq, sql, type SQL } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { recordings, units, type subjectRequestIdentifiers, type SearchedFor } from "@/lib/db/schema";
import { numberCondition } from "@/lib/recordings/recording-conditions";
import { numberToken } from "@/lib/recordings/number-token";

/** One question to the register of recordings. */
export type Search = Pick<SearchedFor, "reason" | "identifierId" | "agentId"> & {
  /** Over `recordings`. */
  condition: SQL;
  /** At most this many are taken, the latest. Undefined: all. */
  limit?: number;
  /** So many recordings would answer it that it is asked only for a period. */
  needsPeriod?: true;
  /** Nobody proved that it is of the person: it is not asked. */
  notProved?: true;
};

type Identifier = Pick<typeof subjectRequestIdentifiers.$inferSelect, "id" | "kind" | "valueEncrypted" | "valueIndex">;

/** Candidates of one question. A person looks at each. */
export const mostCandidates = 500;

const columnOfKind = {
  protocol: recordings.protocolIndex,
  tax_id: recordings.taxIdIndex,
  customer_reference: recordings.customerReferenceIndex,
} as const;

/** All that is asked for one identifier. An e-mail address finds nothing: recordings have none. */
export function searchesFor({ id, kind, valueEncrypted, valueIndex }: Identifier): Search[] {
  if (kind === "email" || valueEncrypted === null) return [];
  if (kind === "number") return numberSearches(id, decryptField("subject_request.identifier", valueEncrypted));
  if (valueIndex === null) return [];
  return [{ reason: kind, identifierId: id, condition: eq(columnOfKind[kind], valueIndex) }];
}

/** For an identifier that nobody proved: its first question, which is kept and not asked. */
export const leftOut = (identifier: Identifier): Search[] =>
  searchesFor(identifier)
    .slice(0, 1)
    .map((search) => ({ ...search, notProved: true as const }));

/**
 * A number finds its own calls; apart from them, calls of the same mobile line in its spelling before the ninth digit,
 * and numbers that nobody could read and that end alike.
 */
function numberSearches(identifierId: string, text: string): Search[] {
  const token = numberToken(text);
  const lastDigits = text.replaceAll(/\D/g, "").slice(-4);
  if (token && lastDigits !== text)
    return [
      { reason: "number_exact", identifierId, condition: numberCondition(token, "exact") },
      { reason: "number_old_mobile", identifierId, condition: candidates(token, false), limit: mostCandidates },
      { reason: "number_unreadable", identifierId, condition: candidates(token, true), limit: mostCandidates },
    ];
  if (lastDigits.length < 4) return [];
  const condition = eq(recordings.numberLastFourIndex, blindIndex("customer_number_last_four", lastDigits));
  return [{ reason: "number_last_digits", identifierId, condition, limit: mostCandidates, needsPeriod: true }];
}

function candidates(token: string, areUnreadable: boolean): SQL {
  const isUnreadable = sql`${recordings.numberKind} is not distinct from 'not_understood'`;
  return and(numberCondition(token, "candidate"), areUnreadable ? isUnreadable : sql`not (${isUnreadable})`)!;
}

/** Staff are data subjects too: the calls that an agent handled. */
export const agentSearch = (agentId: string): Search => ({
  reason: "agent",
  agentId,
  condition: eq(recordings.agentId, agentId),
});

/** Recordings in custody, also those whose deletion has begun: they are still there. */
export const isInCustody = sql`${recordings.state} in ('stored', 'deleting')`;

export type CallPeriod = { periodFrom: string | null; periodTo: string | null };

/**
 * Calls within the days that the person named, as the unit's clock showed them. One whose start is doubtful is within
 * every period.
 */
export function isWithin({ periodFrom, periodTo }: CallPeriod): SQL {
  const zone = sql`(select ${units.timeZone} from ${units} where ${units.id} = ${recordings.unitId})`;
  const day = sql`(${recordings.startedAt} at time zone ${zone})::date`;
  // A day more on each side, in UTC, so that an index of `started_at` is enough to leave out the rest.
  const from = periodFrom && sql`${recordings.startedAt} >= ${periodFrom}::date - 1 and ${day} >= ${periodFrom}::date`;
  const to = periodTo && sql`${recordings.startedAt} < ${periodTo}::date + 2 and ${day} <= ${periodTo}::date`;
  if (!from && !to) return sql`true`;
  return sql`(${and(from || undefined, to || undefined)} or ${recordings.dateDoubt} is not null)`;
}
