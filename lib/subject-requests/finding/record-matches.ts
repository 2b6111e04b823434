import { sql, type SQL } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { recordings, type SearchedFor } from "@/lib/db/schema";
import { exactReasons } from "@/lib/subject-requests/finding/match-reasons";
import { hasOneOf } from "@/lib/subject-requests/finding/reason-condition";
import { isInCustody, isWithin, type CallPeriod, type Search } from "@/lib/subject-requests/finding/searches";

/**
 * Adds what one question finds. What was found before gets the reason too; if it had been excluded without that reason,
 * it is to be decided again.
 * @returns the question, with the number of recordings that answer it.
 */
export async function recordMatches(
  tx: Transaction,
  requestId: string,
  period: CallPeriod,
  { condition, limit, needsPeriod, notProved, ...asked }: Search,
): Promise<SearchedFor> {
  if (notProved) return { ...asked, found: 0, notProved };
  if (needsPeriod && !(period.periodFrom && period.periodTo)) return { ...asked, found: 0, needsPeriod };
  const identifiers = asked.identifierId ? sql`array[${asked.identifierId}::uuid]` : sql`'{}'::uuid[]`;
  const latest = limit && sql`order by ${recordings.startedAt} desc, ${recordings.id} desc limit ${limit + 1}`;
  const [counted] = await tx.execute<{ found: number }>(sql`with
    found as materialized (select ${recordings.id} as id, ${recordings.startedAt} as started_at from ${recordings}
      where ${condition} and ${isInCustody} and ${isWithin(period)} ${latest || sql``}),
    added as (${insertMatches} select ${requestId}, id, array[${asked.reason}], ${identifiers}, started_at from found
      limit ${limit ?? null} ${mergeReasons})
    select count(*)::integer as found from found`);
  const { found } = counted!;
  return limit && found > limit ? { ...asked, found: limit, isCut: true } : { ...asked, found };
}

/** The recordings of a call belong together: adds those of the calls that were found. */
export async function recordWholeCalls(tx: Transaction, requestId: string): Promise<void> {
  const isExact = hasOneOf(exactReasons, sql`match.reasons`);
  const isKnown = hasOneOf(exactReasons, sql`known.reasons`);
  await addSameCalls(tx, requestId, { reason: "same_call", from: isExact, unless: sql`and ${isKnown}` });
  await addSameCalls(tx, requestId, { reason: "same_call_as_candidate", from: sql`not (${isExact})`, unless: sql`` });
}

const insertMatches = sql`insert into subject_request_matches
  (request_id, recording_id, reasons, identifier_ids, started_at)`;

const mergeReasons = sql`on conflict (request_id, recording_id) do update set
  reasons = array(select distinct unnest(subject_request_matches.reasons || excluded.reasons)),
  identifier_ids = array(select distinct unnest(subject_request_matches.identifier_ids || excluded.identifier_ids)),
  ${sql.join(["decision", "decision_reason_encrypted", "decided_by_id", "decided_at"].map(unlessReopened), sql`, `)}`;

function unlessReopened(column: string): SQL {
  const before = sql.raw(`subject_request_matches.${column}`);
  return sql`${sql.raw(column)} = case when subject_request_matches.decision = 'excluded'
    and not subject_request_matches.reasons @> excluded.reasons then null else ${before} end`;
}

type SameCalls = { reason: "same_call" | "same_call_as_candidate"; from: SQL; unless: SQL };

async function addSameCalls(tx: Transaction, requestId: string, { reason, from, unless }: SameCalls): Promise<void> {
  await tx.execute(sql`${insertMatches}
    select ${requestId}, other.id, array[${reason}], coalesce(array_agg(distinct identifier) filter
      (where identifier is not null), '{}'), other.started_at
    from subject_request_matches match
    join recordings found on found.id = match.recording_id
    join recordings other on other.source = found.source and other.source_call_id = found.source_call_id
    left join unnest(match.identifier_ids) identifier on true
    where match.request_id = ${requestId} and ${from} and other.id <> found.id
      and other.state in ('stored', 'deleting')
      and not exists (select from subject_request_matches known
        where known.request_id = match.request_id and known.recording_id = other.id ${unless})
    group by other.id, other.started_at
    ${mergeReasons}`);
}
