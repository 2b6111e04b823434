import { singleLine } from "@/lib/core/text-input";
import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { AppError } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { pick } from "@/lib/core/pick";
import type { Transaction } from "@/lib/db/client";
import {
  agents,
  subjectRequestIdentifiers,
  subjectRequestRights,
  subjectRequestSearches,
  units,
  type SearchedFor,
} from "@/lib/db/schema";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { configuredStores } from "@/lib/storage/configured-store";
import { recordMatches, recordWholeCalls } from "@/lib/subject-requests/finding/record-matches";
import { agentSearch, leftOut, searchesFor } from "@/lib/subject-requests/finding/searches";
import { coveredIdentifiers } from "@/lib/subject-requests/covered-identifiers";
import { lockRequest, recordEvents, takeStep, targetOf } from "@/lib/subject-requests/process-steps";
import { mayTake } from "@/lib/subject-requests/transitions";

const code = singleLine(100);
const agentCodes = z.strictObject({ unit: code, agent: code });

/**
 * Searches the register of all stores for the recordings of a request: exact finds and candidates, each with its
 * reasons, and the whole of their calls. Identifiers that nobody proved are left out, and named. What was asked and how
 * much answered is kept, also if nothing did. May be repeated; what a person decided before stays decided.
 * @throws AppError `not_found` for an unknown request or identifier; `invalid_input` for an unknown agent; `conflict`
 * before the identity is proved, and once the decision waits for approval.
 */
export const findRecordings = command({
  permission: "subject-request:work",
  input: z.object({
    requestId: z.uuid(),
    /** Of staff who ask: the agents that they were, by the codes of the phone systems. */
    agents: z.array(agentCodes).max(20).default([]),
    /** Numbers that had another owner for a time. */
    changedHandsIds: z.array(z.uuid()).max(50).default([]),
  }),
  audits: ["subject_request.searched", "subject_request.step_taken"],
  run: async ({ tx, actor, input: { requestId, agents: codes, changedHandsIds } }) => {
    if (actor.type !== "user") throw new AppError("forbidden");
    const request = await lockRequest(tx, requestId);
    const started = await processesToFind(tx, requestId);
    const identifiers = await markChangedHands(tx, requestId, changedHandsIds);
    const agentIds = await agentsOf(tx, codes);
    const covered = await coveredIdentifiers(tx, requestId);
    const asked = identifiers.flatMap((row) => (covered.has(row.id) ? searchesFor(row) : leftOut(row)));
    const searches = [...asked, ...agentIds.map(agentSearch)];
    const searchedFor: SearchedFor[] = [];
    for (const search of searches) searchedFor.push(await recordMatches(tx, requestId, request, search));
    await recordWholeCalls(tx, requestId);
    const stores = configuredStores().map(({ name }) => name);
    const period = pick(request, "periodFrom", "periodTo");
    const search = { id: newId(), requestId, searchedById: actor.userId, ...period, searchedFor, stores };
    await tx.insert(subjectRequestSearches).values(search);
    await recordEvents(tx, actor, requestId, [{ kind: "searched" }]);
    const finds = searchedFor.reduce((sum, row) => sum + row.found, 0);
    const notAsked = searches.filter(({ notProved }) => notProved).length;
    const counts = { questions: searches.length - notAsked, leftOut: notAsked, finds };
    const details = { protocol: request.protocol, ...counts, stores };
    const searched = auditEvent("subject_request.searched", { target: targetOf(request), details });
    const steps = started.length > 0 ? await takeStep(tx, { actor, request, step: "find" }, started) : [];
    return { result: { requestId, searchedFor }, audits: [searched, ...steps] };
  },
});

/** The rights that pass to `finding` by this search; none if some are there already. */
async function processesToFind(tx: Transaction, requestId: string) {
  const processes = await tx
    .select()
    .from(subjectRequestRights)
    .where(eq(subjectRequestRights.requestId, requestId))
    .orderBy(subjectRequestRights.id);
  const started = processes.filter(({ state }) => mayTake("find", state));
  if (started.length > 0 || processes.some(({ state }) => state === "finding")) return started;
  throw new AppError("conflict", "no right of the request is to be searched for");
}

async function markChangedHands(tx: Transaction, requestId: string, changedHandsIds: readonly string[]) {
  const { id, kind, requestId: ofRequest } = subjectRequestIdentifiers;
  if (changedHandsIds.length > 0) {
    const marked = await tx
      .update(subjectRequestIdentifiers)
      .set({ changedHands: true })
      .where(and(eq(ofRequest, requestId), eq(kind, "number"), inArray(id, [...changedHandsIds])))
      .returning({ id });
    if (marked.length !== new Set(changedHandsIds).size) throw new AppError("not_found", "no such number");
  }
  return tx.select().from(subjectRequestIdentifiers).where(eq(ofRequest, requestId)).orderBy(id);
}

async function agentsOf(tx: Transaction, codes: readonly z.output<typeof agentCodes>[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { unit, agent } of codes) {
    const [found] = await tx
      .select({ id: agents.id })
      .from(agents)
      .innerJoin(units, eq(units.id, agents.unitId))
      .where(and(eq(units.code, unit), eq(agents.code, agent)));
    if (!found)
      throw new AppError("invalid_input", "no such agent", { fields: [{ path: "agents", reason: "unknown" }] });
    ids.push(found.id);
  }
  return [...new Set(ids)];
}
