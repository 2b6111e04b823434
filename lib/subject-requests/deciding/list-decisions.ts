import { and, eq, isNull, sql } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { keysetPage } from "@/lib/core/keyset-cursor";
import { pageFields } from "@/lib/core/page-input";
import type { ReadDatabase } from "@/lib/db/client";
import { keysetReading } from "@/lib/db/keyset-reading";
import {
  recordings,
  subjectRequestDecisions,
  subjectRequestMatches,
  subjectRequestRights,
  units,
} from "@/lib/db/schema";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";
import { callStart } from "@/lib/subject-requests/call-start";
import { custodyColumns, keptBy, suggestion } from "@/lib/subject-requests/deciding/custody-facts";
import { includedOf } from "@/lib/subject-requests/decision-rows";
import type { RefusalCode } from "@/lib/subject-requests/refusals";
import { seesPerson } from "@/lib/subject-requests/request-facts";

const match = subjectRequestMatches;
const decision = subjectRequestDecisions;

/** One page of the included recordings with what is decided of each for one right, latest call first. */
export const listDecisions = query({
  permission: "subject-request:read",
  input: z.object({ requestId: z.uuid(), processId: z.uuid(), ...pageFields(200, 50) }),
  run: async ({ db, actor, input }) => {
    const { right } = await rightOfProcess(db, input);
    const reading = keysetReading({ sort: match.startedAt, id: match.recordingId }, input);
    const rows = await rowsOf(db, input.processId)
      .where(and(includedOf(input.requestId), reading.where))
      .orderBy(...reading.orderBy)
      .limit(reading.limit);
    const cursorOf = (row: (typeof rows)[number]) => ({ value: row.matchedAt.toISOString(), id: row.facts.id });
    const page = keysetPage(rows, input, cursorOf);
    const seesFact = seesPerson(actor);
    return {
      ...page,
      rows: page.rows.map(({ facts, factEncrypted, matchedAt: _, ground, ...row }) => ({
        ...row,
        ...facts,
        ground: ground as RefusalCode | null,
        fact: factEncrypted && seesFact ? decryptField("subject_request.decision_fact", factEncrypted) : null,
        keptBy: keptBy(facts),
        suggestion: suggestion(right, facts),
      })),
    };
  },
});

export type DecisionPage = Awaited<ReturnType<typeof listDecisions>>;
export type DecisionRow = DecisionPage["rows"][number];

async function rightOfProcess(db: ReadDatabase, { requestId, processId }: { requestId: string; processId: string }) {
  const { id, requestId: ofRequest, right } = subjectRequestRights;
  const [row] = await db
    .select({ right })
    .from(subjectRequestRights)
    .where(and(eq(id, processId), eq(ofRequest, requestId)));
  if (!row) throw new AppError("not_found", "no such right of the request");
  return row;
}

function rowsOf(db: ReadDatabase, processId: string) {
  const ofRight = and(eq(decision.processId, processId), isNull(decision.endedAt));
  return db
    .select({
      matchedAt: match.startedAt,
      facts: custodyColumns,
      callStartedAt: callStart,
      durationMs: recordings.durationMs,
      direction: recordings.direction,
      unit: units.name,
      decisionId: decision.id,
      measure: decision.measure,
      audioForm: decision.audioForm,
      ground: sql<string | null>`${decision.ground}`,
      factEncrypted: decision.factEncrypted,
      keptUntil: decision.keptUntil,
      result: decision.result,
      doneAt: decision.doneAt,
    })
    .from(match)
    .innerJoin(recordings, eq(recordings.id, match.recordingId))
    .innerJoin(units, eq(units.id, recordings.unitId))
    .leftJoin(decision, and(eq(decision.recordingId, match.recordingId), ofRight))
    .$dynamic();
}
