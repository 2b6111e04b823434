import { and, eq, isNull } from "drizzle-orm";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { subjectRequestMatches } from "@/lib/db/schema";
import type { ProcessState, RequestRight } from "@/lib/db/schema/subject-request-words";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { letter, processesOf } from "../../../support/subject-requests";
import { collect, issue } from "./answer-actions";
import { as, unless, type Action } from "./custody-actions";
import { decide, second, submit } from "./decision-actions";
import type { ModelRequest, ModelRight } from "./model";
import { pick, rightsIn, some, type Schedule } from "./world";

/** Rights that erase, block, give, and say. */
const asked: readonly RequestRight[] = [
  ...(["deletion", "unnecessary_data", "full_declaration"] as const),
  ...(["objection", "consent_withdrawal", "confirmation"] as const),
];

const register: Action = async (schedule, people) => {
  const { random, number } = schedule;
  const rights = [pick(random, asked.slice(0, 2)), ...some(random, asked.slice(2), 0.35)];
  const said = {
    ...{ rights, identifiers: [{ kind: "number" as const, value: number }] },
    ...{
      answerLocale: pick(random, ["pt-BR", "en"] as const),
      answerForm: pick(random, ["electronic", "printed"] as const),
    },
  };
  const form = letter(said);
  // A double click on the form.
  await Promise.all([registerRequest(as(people.dpo), form), registerRequest(as(people.substitute), form)]);
  const processes = await processesOf(form.requestId);
  if (processes.length !== rights.length) throw new Error("a form registered twice");
  const request: ModelRequest = {
    requestId: form.requestId,
    rights: processes.map(({ id, right }) => ({
      ...{ processId: id, right, state: "received" as const, decisions: new Map(), approvalId: null },
    })),
    included: new Set(),
    excluded: new Set(),
  };
  schedule.requests.push(request);
  if (random() < 0.1) return leaveUnproven(request, people);
  await search(schedule, request, people);
};

const leaveUnproven = async ({ requestId, rights }: ModelRequest, { dpo }: Parameters<Action>[1]) => {
  await moveRights(as(dpo), { requestId, step: "start" });
  await moveRights(as(dpo), { requestId, step: "fail_identity", reason: "O código não foi digitado." });
  for (const right of rights) right.state = "unverified";
};

/** From a request that came, or came again, to what is found of it. */
async function search(schedule: Schedule, { requestId, rights }: ModelRequest, { dpo }: Parameters<Action>[1]) {
  const begun = rights.filter(({ state }) => state === "received" || state === "reopened");
  await moveRights(as(dpo), { requestId, step: "start" });
  const note = "Compareceu com documento";
  await confirmIdentity(as(dpo), { requestId, checkId: newId(), method: "in_person", note });
  await findRecordings(as(dpo), { requestId });
  // A search takes back what is being analysed.
  for (const right of rights) if (begun.includes(right) || right.state === "analysing") right.state = "finding";
}

/** Counts what was found as the person's, or not, and begins the analysis. */
const sort: Action = async ({ random, requests }, { dpo }) => {
  const request = pick(
    random,
    requests.filter(({ rights }) => rights.some(({ state }) => state === "finding")),
  );
  const { requestId, included, excluded } = request;
  const isOpen = and(eq(subjectRequestMatches.requestId, requestId), isNull(subjectRequestMatches.decision));
  const found = await database()
    .select({ id: subjectRequestMatches.recordingId })
    .from(subjectRequestMatches)
    .where(isOpen);
  const reason = "Confirmado com o titular";
  for (const { id } of found) (random() < 0.2 ? excluded : included).add(id);
  // Somebody thinks better of it: also of what was decided for another right.
  if (random() < 0.2) for (const id of [...included].slice(0, 1)) excluded.add(id);
  for (const id of excluded) included.delete(id);
  for (const [decision, ids] of [
    ["included", included],
    ["excluded", excluded],
  ] as const)
    if (ids.size > 0) await decideMatches(as(dpo), { requestId, decision, recordings: [...ids], reason });
  await moveRights(as(dpo), { requestId, step: "analyse" });
  for (const right of request.rights) if (right.state === "finding") right.state = "analysing";
};

/** The person takes it back, also while somebody approves it. */
const withdraw: Action = async (schedule, { dpo }) => {
  const { request, right } = pick(schedule.random, rightsIn(schedule, "finding", "analysing", "awaiting_approval"));
  const { requestId } = request;
  await moveRights(as(dpo), { requestId, step: "withdraw", processIds: [right.processId], reason: "Desistiu" });
  Object.assign(right, { state: "withdrawn", decisions: new Map(), approvalId: null } satisfies Partial<ModelRight>);
};

/** Another agent has the data, or the person does not prove any more who they are: nothing that was decided is done. */
const turnAway: Action = async (schedule, { dpo }) => {
  const { request, right } = pick(schedule.random, rightsIn(schedule, "analysing"));
  const [ids, reason] = [{ requestId: request.requestId, processIds: [right.processId] }, "Como consta do processo"];
  const isForwarded = schedule.random() < 0.5;
  const steps = isForwarded ? (["forward"] as const) : (["ask_subject", "fail_identity"] as const);
  for (const step of steps) await moveRights(as(dpo), { ...ids, step, reason });
  Object.assign(right, { state: isForwarded ? "forwarded" : "unverified", decisions: new Map() });
};

const reopen: Action = async (schedule, people) => {
  const { request, right } = pick(schedule.random, rightsIn(schedule, "answered", "closed", "withdrawn", "unverified"));
  const { requestId } = request;
  const again = { requestId, processIds: [right.processId], reason: "Reclamação à ouvidoria" };
  const ends = await Promise.all([
    unless(["conflict"], reopenRequest(as(people.dpo), again)),
    unless(["conflict"], reopenRequest(as(people.substitute), again)),
  ]);
  if (ends.filter(Boolean).length !== 1) throw new Error("a right was reopened twice, or not");
  Object.assign(right, { state: "reopened", decisions: new Map() } satisfies Partial<ModelRight>);
  await search(schedule, request, people);
};

const close: Action = async (schedule, { dpo }) => {
  const { request, right } = pick(schedule.random, rightsIn(schedule, "answered", "withdrawn"));
  await moveRights(as(dpo), { requestId: request.requestId, step: "close", processIds: [right.processId] });
  right.state = "closed";
};

const many = (schedule: Schedule, weight: number, ...states: ProcessState[]) =>
  rightsIn(schedule, ...states).length > 0 ? weight : 0;

/** Most steps go forward, so that most requests come to their letters. */
export const requestActions: { name: string; action: Action; weight: (schedule: Schedule) => number }[] = [
  { name: "request", action: register, weight: ({ requests }) => [8, 1, 0.5][requests.length] ?? 0 },
  { name: "sort", action: sort, weight: (schedule) => many(schedule, 8, "finding") },
  { name: "decide", action: decide, weight: (schedule) => many(schedule, 4, "analysing") },
  { name: "submit", action: submit, weight: (schedule) => many(schedule, 5, "analysing") },
  { name: "second person", action: second, weight: (schedule) => many(schedule, 8, "awaiting_approval") },
  { name: "letter", action: issue, weight: (schedule) => many(schedule, 6, "executing", "unverified", "forwarded") },
  { name: "collect", action: collect, weight: (schedule) => many(schedule, 1.5, "answered", "closed") },
  {
    name: "withdraw",
    action: withdraw,
    weight: (schedule) => many(schedule, 0.5, "finding", "analysing", "awaiting_approval"),
  },
  { name: "turn away", action: turnAway, weight: (schedule) => many(schedule, 0.5, "analysing") },
  {
    name: "reopen",
    action: reopen,
    weight: (schedule) => many(schedule, 0.7, "answered", "closed", "withdrawn", "unverified"),
  },
  { name: "close", action: close, weight: (schedule) => many(schedule, 0.5, "answered", "withdrawn") },
];
