import { and, inArray, isNull, sql } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import {
  messages,
  subjectRequestAnswers,
  subjectRequestCodes,
  subjectRequestDecisions,
  subjectRequestEvents,
  subjectRequestIdentifiers,
  subjectRequestIdentityChecks,
  subjectRequestMatches,
  subjectRequests,
  subjectRequestSearches,
  subjectRequestSharerTasks,
} from "@/lib/db/schema";
import { transactionNow } from "@/lib/db/schema/columns";
import { purgeMandates } from "@/lib/subject-requests/purge-mandates";

const emptiedAt = transactionNow;

/**
 * Takes all that may name people off closed, locked requests. What stays: protocol, channel, rights, states, dates,
 * levels, and counts.
 */
export async function emptyContents(tx: Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const list = [...ids];
  await emptyRows(tx, list);
  await emptyAnswers(tx, list);
  await purgeMandates(tx, list);
  await tx.update(subjectRequests).set(withoutPerson()).where(inArray(subjectRequests.id, list));
  // The database deletes matches of emptied requests alone.
  await tx.delete(subjectRequestMatches).where(inArray(subjectRequestMatches.requestId, list));
  await tx.delete(subjectRequestCodes).where(inArray(subjectRequestCodes.requestId, list));
}

const counted = (decision: "included" | "excluded") => sql`(select count(*) from ${subjectRequestMatches}
  where ${subjectRequestMatches.requestId} = ${subjectRequests}.id
    and ${subjectRequestMatches.decision} = ${decision})`;

const withoutPerson = () => ({
  emptiedAt,
  formDigest: null,
  followUpDigest: null,
  subjectNameEncrypted: null,
  requesterNameEncrypted: null,
  authorityReferenceEncrypted: null,
  wordsEncrypted: null,
  periodFrom: null,
  periodTo: null,
  answerAddressEncrypted: null,
  recordingsIncluded: counted("included"),
  recordingsExcluded: counted("excluded"),
});

async function emptyRows(tx: Transaction, ids: string[]): Promise<void> {
  const [events, checks, searches] = [subjectRequestEvents, subjectRequestIdentityChecks, subjectRequestSearches];
  await tx
    .update(events)
    .set({ reasonEncrypted: null, emptiedAt })
    .where(and(inArray(events.requestId, ids), isNull(events.emptiedAt)));
  await tx
    .update(checks)
    .set({ noteEncrypted: null, documentTailEncrypted: null, emptiedAt })
    .where(and(inArray(checks.requestId, ids), isNull(checks.emptiedAt)));
  await tx
    .update(searches)
    .set({ searchedFor: withoutAgents, periodFrom: null, periodTo: null, emptiedAt })
    .where(and(inArray(searches.requestId, ids), isNull(searches.emptiedAt)));
  await tx
    .update(subjectRequestIdentifiers)
    .set({ valueEncrypted: null, valueIndex: null, numberTailIndex: null, numberLastFourIndex: null, emptiedAt })
    .where(and(inArray(subjectRequestIdentifiers.requestId, ids), isNull(subjectRequestIdentifiers.emptiedAt)));
  await tx
    .update(messages)
    .set({ recipientEncrypted: null, dataEncrypted: null, replyEncrypted: null })
    .where(inArray(messages.referenceId, ids));
}

/** What was decided of which recording stays, and that it was answered, with the digest of each letter. */
async function emptyAnswers(tx: Transaction, ids: string[]): Promise<void> {
  const [decisions, answers, tasks] = [subjectRequestDecisions, subjectRequestAnswers, subjectRequestSharerTasks];
  await tx
    .update(decisions)
    .set({ factEncrypted: null, emptiedAt })
    .where(and(inArray(decisions.requestId, ids), isNull(decisions.emptiedAt)));
  await tx
    .update(answers)
    .set({ contentEncrypted: null, pdfEncrypted: null, emptiedAt })
    .where(and(inArray(answers.requestId, ids), isNull(answers.emptiedAt)));
  await tx
    .update(tasks)
    .set({ recipientEncrypted: null, impossibleReasonEncrypted: null, emptiedAt })
    .where(and(inArray(tasks.requestId, ids), isNull(tasks.emptiedAt)));
}

const withoutAgents = sql`(select coalesce(jsonb_agg(question - 'agentId' order by place), '[]')
  from jsonb_array_elements(${subjectRequestSearches.searchedFor}) with ordinality as asked (question, place))`;
