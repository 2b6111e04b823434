import { and, eq, inArray } from "drizzle-orm";
import { z } from "zod";
import { env } from "@/lib/core/env";
import type { Transaction } from "@/lib/db/client";
import { subjectRequestRights } from "@/lib/db/schema";
import type { Actor } from "@/lib/operation/actor";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";
import { recordEvents, takeStep, type LockedRequest } from "@/lib/subject-requests/process-steps";
import { emptyContents } from "@/lib/subject-requests/retention/empty-request";
import { purgeForgottenMandates } from "@/lib/subject-requests/retention/forgotten-mandates";
import { lockRequestsToEmpty, type RequestToEmpty } from "@/lib/subject-requests/retention/requests-to-empty";
import { transitions, type Step } from "@/lib/subject-requests/transitions";

const batch = 50;

/**
 * Empties some requests whose own retention is over: closed for SUBJECT_REQUEST_YEARS, or of the public form and proved
 * by nobody for UNPROVEN_REQUEST_DAYS, which are withdrawn first. Dates alone decide, so that a database that was
 * restored from an older backup is emptied again. One that waits for a deletion is left for later. Of requests that
 * ended and that nobody closed, the documents of representatives go.
 */
export const emptyRequests = command({
  permission: "subject-request:empty",
  input: z.object({}),
  audits: ["subject_request.step_taken", "subject_request.emptied"],
  run: async ({ tx, actor }) => {
    const { requestIds, mandatesPurged } = await purgeForgottenMandates(tx, batch);
    for (const requestId of requestIds) await recordEvents(tx, actor, requestId, [{ kind: "mandates_purged" }]);
    const found = await lockRequestsToEmpty(tx, batch);
    const result = { emptied: found.length, purged: requestIds.length };
    if (found.length + requestIds.length === 0) return { result, unchanged: true as const };
    const steps = [];
    for (const { request, isNeverProved } of found) steps.push(...(await end(tx, actor, request, isNeverProved)));
    for (const { request } of found) await recordEvents(tx, actor, request.id, [{ kind: "emptied" }]);
    await emptyContents(
      tx,
      found.map(({ request }) => request.id),
    );
    const emptied = auditEvent("subject_request.emptied", { details: { ...countsOf(found), mandatesPurged } });
    return { result, audits: [emptied, ...steps] };
  },
});

function countsOf(found: readonly RequestToEmpty[]) {
  const { SUBJECT_REQUEST_YEARS: years, UNPROVEN_REQUEST_DAYS: days } = env();
  const unproven = found.filter(({ isNeverProved }) => isNeverProved).length;
  return { requests: found.length, unproven, keptFor: `${years} year`, unprovenKeptFor: `${days} day` };
}

/** Takes a request to its closure by the steps of the table. */
async function end(tx: Transaction, actor: Actor, request: LockedRequest, isNeverProved: boolean) {
  const withdrawn = isNeverProved ? await take(tx, { actor, request, step: "withdraw" }) : [];
  return [...withdrawn, ...(request.closedAt === null ? await take(tx, { actor, request, step: "close" }) : [])];
}

async function take(tx: Transaction, taken: { actor: Actor; request: LockedRequest; step: Step }) {
  const { requestId, state, id } = subjectRequestRights;
  const isOfStep = and(eq(requestId, taken.request.id), inArray(state, [...transitions[taken.step].from]));
  const processes = await tx.select().from(subjectRequestRights).where(isOfStep).orderBy(id);
  return processes.length === 0 ? [] : takeStep(tx, taken, processes);
}
