import { AppError } from "@/lib/core/errors";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { decideRight } from "@/lib/subject-requests/deciding/decide-right";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { withdrawRequestApproval } from "@/lib/subject-requests/deciding/withdraw-request-approval";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { approvalOf } from "../../../support/analysed-requests";
import { as, unless, type Action } from "./custody-actions";
import { isKept, type ModelDecision, type ModelRecording, type ModelRequest, type ModelRight } from "./model";
import { pick, rightsIn, type People, type Schedule } from "./world";

const fact = "O contrato 12 está em vigor.";

type Of = { request: ModelRequest; right: ModelRight };

/** Decides each recording of a right, or the right as a whole. */
export const decide: Action = async (schedule, people) => {
  await decideOne(schedule, pick(schedule.random, rightsIn(schedule, "analysing")), people);
};

async function decideOne(schedule: Schedule, { request, right }: Of, people: People): Promise<void> {
  const { random, recordings } = schedule;
  if (request.included.size === 0 || right.right === "confirmation") return decideWhole({ request, right }, people);
  const groups = new Map<string, { decision: ModelDecision; ids: string[] }>();
  for (const recording of recordings.filter(({ id }) => request.included.has(id))) {
    const decision = randomDecision(random, right, recording);
    const key = JSON.stringify(decision);
    groups.set(key, { decision, ids: [...(groups.get(key)?.ids ?? []), recording.id] });
  }
  for (const { decision, ids } of groups.values()) {
    if (await decided({ request, right }, decision, ids, people)) {
      right.decisions.delete("whole");
      for (const id of ids) right.decisions.set(id, decision);
    }
  }
}

async function decided({ request, right }: Of, decision: ModelDecision, ids: string[], { dpo }: People) {
  const { measure, audioForm } = decision;
  const needsGround = measure === "keep" || measure === "withhold";
  const work = decideRecordings(as(dpo), {
    ...{ requestId: request.requestId, processId: right.processId, recordings: ids },
    ...{ measure: measure as never, audioForm: audioForm ?? undefined },
    ...(needsGround ? { ground: "contract_performance" as const } : {}),
    ...(needsGround || measure === "delete_later" ? { fact } : {}),
  });
  // Custody may have changed since the page was read.
  return unless(["recording_kept", "recording_blocked", "invalid_input", "conflict"], work);
}

function randomDecision(random: () => number, { right }: ModelRight, recording: ModelRecording): ModelDecision {
  const of = (measure: ModelDecision["measure"], audioForm: ModelDecision["audioForm"] = null) => ({
    measure,
    audioForm,
  });
  if (right === "full_declaration") {
    const maySound = recording.state === "stored" && !recording.isBlocked;
    return pick(random, [of("deliver", maySound ? "whole" : null), of("deliver"), of("withhold")]);
  }
  if (right === "objection" || right === "consent_withdrawal")
    return of(pick(random, ["block", "block", "keep"] as const));
  // Now and then against what keeps it: that is refused.
  const isFree = isKept(recording) === random() < 0.05;
  const gone = isFree ? (["delete", "delete"] as const) : (["delete_later", "delete_later"] as const);
  if (right === "deletion") return of(pick(random, [...gone, "keep"] as const));
  return of(pick(random, [...gone, isFree ? "anonymise" : "block", "keep"] as const));
}

async function decideWhole({ request, right }: Of, { dpo }: People): Promise<void> {
  const ids = { requestId: request.requestId, processId: right.processId };
  const isNone = request.included.size === 0;
  await decideRight(as(dpo), {
    ...ids,
    ground: isNone ? "not_found" : undefined,
    text: "Procuramos em todo o acervo.",
  });
  right.decisions = new Map([["whole", { measure: "inform", audioForm: null }]]);
}

const missing = ({ request, right }: Of) =>
  !right.decisions.has("whole") &&
  (request.included.size === 0 || [...request.included].some((id) => !right.decisions.has(id)));

/** Decides what is missing, and sends it, twice at once. */
export const submit: Action = async (schedule, people) => {
  const chosen = pick(schedule.random, rightsIn(schedule, "analysing"));
  if (missing(chosen)) await decideOne(schedule, chosen, people);
  const { request, right } = chosen;
  const ids = { requestId: request.requestId, processId: right.processId };
  const late = ["conflict", "decisions_missing", "audio_not_ready"] as const;
  const ends = await Promise.all([
    unless(late, submitDecision(as(people.dpo), ids)),
    unless(late, submitDecision(as(people.dpo), ids)),
  ]);
  const [sent, again] = ends.filter((end) => end !== null);
  if (again) throw new Error("a decision was sent twice");
  if (!sent && !missing(chosen)) throw new Error("a whole decision was not sent");
  if (!sent) return;
  if (missing(chosen)) throw new Error("a decision was sent that is not whole");
  for (const id of right.decisions.keys()) if (id !== "whole" && !request.included.has(id)) right.decisions.delete(id);
  right.state = sent.waits ? "awaiting_approval" : "executing";
  right.approvalId = sent.waits ? (await approvalOf(right.processId)).id : null;
  if (sent.waits !== [...right.decisions.values()].some(needsSecond)) throw new Error("a second person was forgotten");
};

const needsSecond = ({ measure, audioForm }: ModelDecision) =>
  measure.startsWith("delete") || measure === "anonymise" || audioForm !== null;

/** The second person approves or returns it, while others take it back. Exactly one of them is first. */
export const second: Action = async (schedule, people) => {
  const { request, right } = pick(schedule.random, rightsIn(schedule, "awaiting_approval"));
  const { dpo, substitute } = people;
  const approvalId = right.approvalId!;
  const { requestId } = request;
  const answer =
    (decision: "approved" | "rejected", who = substitute) =>
    () =>
      unless(["conflict"], decideRequestApproval(as(who), { approvalId, decision, reason: "Conferido por mim" }));
  const taken = { requestId, step: "withdraw" as const, processIds: [right.processId], reason: "Desistiu" };
  const ways = {
    executing: answer("approved"),
    analysing: answer("rejected"),
    taken_back: () => unless(["conflict"], withdrawRequestApproval(as(dpo), { approvalId })),
    withdrawn: () => unless(["conflict"], moveRights(as(dpo), taken)),
  };
  await refusesOne(answer("approved", dpo));
  const chosen = pick(schedule.random, [
    ...Array.from({ length: 5 }, () => ["executing", "executing"] as const),
    ...[["analysing"] as const, ["taken_back"] as const, ["executing", "withdrawn"] as const],
    ...[["executing", "taken_back"] as const, ["executing", "analysing"] as const],
  ]);
  const ends = await Promise.all(chosen.map(async (way) => ((await ways[way]()) ? way : null)));
  const [first, ...others] = ends.filter((way) => way !== null);
  if (!first || others.length > 0) throw new Error(`what was to be approved ended as ${ends.join(" and ")}`);
  right.state = first === "taken_back" ? "analysing" : first;
  if (first === "withdrawn") right.decisions = new Map();
  right.approvalId = null;
};

async function refusesOne(approve: () => Promise<unknown>): Promise<void> {
  const refusal = await approve().catch((error: unknown) => error);
  if (!(refusal instanceof AppError) || refusal.code !== "second_person_required")
    throw new Error("one person approved what they asked for");
}
