import { and, eq, isNull, sql, type SQL } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { keysetReading } from "@/lib/db/keyset-reading";
import { agents, recordings, subjectRequestMatches, units, users } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { query } from "@/lib/operation/operation";
import { presentNumber } from "@/lib/recordings/customer-number";
import { isHeld } from "@/lib/recordings/may-be-deleted";
import { callStart } from "@/lib/subject-requests/call-start";
import { exactReasons, isCandidate, scoreOf } from "@/lib/subject-requests/finding/match-reasons";
import { hasOneOf } from "@/lib/subject-requests/finding/reason-condition";
import { seesPerson } from "@/lib/subject-requests/request-facts";

/** `exact` and `candidate`: those that wait for a decision. */
export const matchViews = ["exact", "candidate", "included", "excluded"] as const;
export type MatchView = (typeof matchViews)[number];

/** What lives in the address. */
export const matchFilters = z.object({ view: z.enum(matchViews).default("exact") });

/** One page of the recordings that were found for a request, by start of the call, latest first. */
export const listMatches = query({
  permission: "subject-request:read",
  input: matchFilters.extend({ requestId: z.uuid(), ...pageFields(200, 50) }),
  run: async ({ db, actor, input }) => {
    const { startedAt, recordingId, requestId } = subjectRequestMatches;
    const reading = keysetReading({ sort: startedAt, id: recordingId }, input);
    const rows = await matchRows(db)
      .where(and(eq(requestId, input.requestId), inView(input.view), reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const cursorOf = (row: (typeof rows)[number]) => ({ value: row.startedAt.toISOString(), id: row.id });
    const page = keysetPage(rows, input, cursorOf);
    return { ...page, rows: page.rows.map((row) => described(row, actor)) };
  },
});

export type MatchPage = Awaited<ReturnType<typeof listMatches>>;
export type MatchRow = MatchPage["rows"][number];

const isExact = hasOneOf(exactReasons);

/** Which rows a view has. */
export function inView(view: MatchView): SQL {
  const { decision } = subjectRequestMatches;
  if (view === "included" || view === "excluded") return eq(decision, view);
  return and(isNull(decision), view === "exact" ? isExact : sql`not (${isExact})`)!;
}

function matchRows(db: ReadDatabase) {
  const match = subjectRequestMatches;
  return db
    .select({
      id: match.recordingId,
      reasons: match.reasons,
      startedAt: match.startedAt,
      decision: match.decision,
      decisionReasonEncrypted: match.decisionReasonEncrypted,
      decidedAt: match.decidedAt,
      decidedBy: users.name,
      callStartedAt: callStart,
      dateDoubt: recordings.dateDoubt,
      durationMs: recordings.durationMs,
      direction: recordings.direction,
      state: recordings.state,
      sourceCallId: recordings.sourceCallId,
      minimumUntil: recordings.minimumUntil,
      retainUntil: recordings.retainUntil,
      isHeld: sql<boolean>`${isHeld()}`,
      numberKind: recordings.numberKind,
      customerNumberEncrypted: recordings.customerNumberEncrypted,
      unit: units.name,
      timeZone: units.timeZone,
      agentCode: agents.code,
      agentNameEncrypted: agents.nameEncrypted,
    })
    .from(match)
    .innerJoin(recordings, eq(recordings.id, match.recordingId))
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(agents, eq(agents.id, recordings.agentId))
    .leftJoin(users, eq(users.id, match.decidedById))
    .$dynamic();
}

type Read = Awaited<ReturnType<typeof matchRows>>[number];

function described(
  { decisionReasonEncrypted: reason, agentNameEncrypted: name, customerNumberEncrypted, numberKind, ...row }: Read,
  actor: Actor,
) {
  const seesWhole = seesPerson(actor);
  return {
    ...row,
    score: scoreOf(row.reasons),
    isCandidate: isCandidate(row.reasons),
    number: presentNumber({ customerNumberEncrypted, numberKind }, seesWhole),
    agentName: name && decryptField("agent.name", name),
    decisionReason: reason && seesWhole ? decryptField("subject_request.match_reason", reason) : null,
  };
}
