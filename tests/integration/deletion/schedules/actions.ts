import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { jobContext } from "@/lib/operation/job-context";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { database } from "@/lib/db/client";
import { deletionOrders, legalHoldRecordings, recordings, retentionMoves } from "@/lib/db/schema";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { extendHold } from "@/lib/legal-holds/extend-hold";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { newId } from "@/lib/core/new-id";
import { command } from "@/lib/operation/operation";
import { decideMinimumReduction } from "@/lib/retention/policies/decide-minimum-reduction";
import { idList } from "@/lib/db/id-list";
import { lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import type { RecordingDates } from "@/lib/retention/recording-dates";
import { reportTrigger } from "@/lib/retention/report-trigger";
import { writeDates } from "@/lib/retention/recalculation-batch";
import { facts } from "../../../support/holds";
import { contextOf, type Person } from "../../../support/actors";
import { changeTerms } from "../../../support/policy-changes";
import { daysAgo } from "../../../support/recordings";
import { give, permitOf, type ModelPolicy, type ModelRecording } from "./model";
import { pick, randomPolicy, some, termsOf, type Schedule } from "./world";

export type People = { dpo: Person; admin: Person };
type Action = (schedule: Schedule, people: People) => Promise<void>;

const again = ({ actor }: Person) => contextOf(actor);
const idsOf = (some: readonly ModelRecording[]) => some.map(({ id }) => id);

/** A command may be too late; every other error is a failure. */
async function unless<Result>(codes: readonly ErrorCode[], work: Promise<Result>): Promise<Result | null> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError && codes.includes(error.code)) return null;
    throw error;
  });
}

/** From its answer on, a hold keeps what the answer counts. */
async function noteHeld({ recordings: all }: Schedule, holdId: string, expectedNew: number): Promise<void> {
  const kept = new Set(
    (
      await database()
        .select({ id: legalHoldRecordings.recordingId })
        .from(legalHoldRecordings)
        .where(eq(legalHoldRecordings.holdId, holdId))
    ).map(({ id }) => id),
  );
  const added = all.filter(({ id, holds }) => kept.has(id) && !holds.has(holdId));
  if (added.length !== expectedNew)
    throw new Error(`the hold says ${expectedNew} more, and keeps ${added.length} more`);
  for (const { holds } of added) holds.add(holdId);
}

const place: Action = async (schedule, { dpo }) => {
  const { random, unitId, recordings: all } = schedule;
  const chosen = some(random, all);
  const chosenOnly = { recordingIds: idsOf(chosen), onlyThese: chosen.length % 2 === 1 };
  const selection = random() < 0.3 || chosen.length === 0 ? { filters: { unitId } } : chosenOnly;
  const placed = await unless(["nothing_to_hold"], placeHold(again(dpo), { ...facts(dpo.userId), selection }));
  if (!placed) return;
  // Without `onlyThese` a hold covers the other recordings of their calls, too.
  const found = placed.held + placed.tooLate;
  if ("recordingIds" in selection && (selection.onlyThese ? found !== chosen.length : found < chosen.length))
    throw new Error("a hold forgot recordings");
  schedule.holdIds.push(placed.holdId);
  await noteHeld(schedule, placed.holdId, placed.held);
};

const extend: Action = async (schedule, { dpo }) => {
  const holdId = pick(schedule.random, schedule.holdIds);
  const extended = await unless(
    ["nothing_to_hold"],
    extendHold(again(dpo), { holdId, selection: { filters: { unitId: schedule.unitId } } }),
  );
  if (extended) await noteHeld(schedule, holdId, extended.held);
};

/** The hold comes to cover the whole calls of what is under it. */
const widen: Action = async (schedule, { dpo }) => {
  const holdId = pick(schedule.random, schedule.holdIds);
  const selection = { wholeCalls: true } as const;
  const widened = await unless(["nothing_to_hold"], extendHold(again(dpo), { holdId, selection }));
  if (widened) await noteHeld(schedule, holdId, widened.held);
};

const askRelease: Action = async (schedule, { dpo }) => {
  const holdId = pick(schedule.random, schedule.holdIds);
  schedule.asked = { holdId, ...(await requestHoldRelease(again(dpo), { holdId, reason: "Encerrado" })) };
};

export const decideRelease = async (
  schedule: Schedule,
  { dpo, admin }: People,
  decision: "approved" | "rejected",
): Promise<void> => {
  const { holdId, approvalId } = schedule.asked!;
  const alone = await unless(
    ["second_person_required"],
    decideHoldRelease(again(dpo), { approvalId, decision, reason: "Conferido por mim" }),
  );
  if (alone) throw new Error("one person released a hold");
  await decideHoldRelease(again(admin), { approvalId, decision, reason: "Conferido por mim" });
  schedule.asked = null;
  if (decision === "rejected") return;
  schedule.holdIds = schedule.holdIds.filter((id) => id !== holdId);
  for (const { holds } of schedule.recordings) holds.delete(holdId);
};

const decide: Action = (schedule, people) =>
  decideRelease(schedule, people, pick(schedule.random, ["approved", "approved", "rejected"]));

/** Both persons, for the requests left at the end. */
export async function releaseAll(schedule: Schedule, people: People): Promise<void> {
  if (schedule.asked) await decideRelease(schedule, people, "rejected");
  for (const holdId of [...schedule.holdIds]) {
    schedule.asked = { holdId, ...(await requestHoldRelease(again(people.dpo), { holdId, reason: "Encerrado" })) };
    await decideRelease(schedule, people, "approved");
  }
}

/** A granted erasure: an order, and the marking of its recordings. */
const eraseNow = command({
  permission: "recording:retire",
  input: z.object({ recordingIds: z.array(z.uuid()) }),
  audits: ["recording.marked_for_deletion"],
  run: async ({ tx, input: { recordingIds } }) => {
    const orderId = newId();
    const order = {
      requestedByType: "job" as const,
      requestedById: "erasure",
      selection: { recordingIds },
      justification: "Pedido do titular",
      expectedBytes: 0,
      state: "finished" as const,
    };
    await tx
      .insert(deletionOrders)
      .values({ id: orderId, reason: "erasure", ...order, expectedRecordings: recordingIds.length });
    const { recordingIds: marked, audits } = await markForDeletion(tx, {
      condition: sql`${recordings.id} = any(${idList(recordingIds)})`,
      caller: "request",
      orderId,
      limit: 100,
    });
    const [first, ...others] = audits;
    return first ? { result: marked, audits: [first, ...others] } : { result: marked, unchanged: true as const };
  },
});

const erase: Action = async ({ random, recordings: all }) => {
  const chosen = some(random, all);
  const marked = new Set(await eraseNow(jobContext("retention"), { recordingIds: idsOf(chosen) }));
  for (const recording of chosen) if (marked.has(recording.id)) recording.erased = true;
};

const orderGone: Action = async ({ random, recordings: all, isUnderChange }) => {
  const chosen = some(random, all, 0.7).filter(
    (recording) => permitOf(recording, isUnderChange).deletion && recording.state === "stored",
  );
  if (chosen.length === 0) return;
  const order = {
    selection: { recordingIds: idsOf(chosen) },
    justification: "Unidade encerrada",
    acknowledgedRecordings: chosen.length,
  };
  if (!(await unless(["nothing_to_delete"], orderDeletion(jobContext("deletion-order"), order)))) return;
  for (const recording of chosen) recording.ordered = recording.mustGo = true;
};

/**
 * A longer period or a higher minimum, in force at once; or a shorter period, and a lower minimum after an approval.
 */
const changePolicy: Action = async (schedule, people) => {
  const next = randomPolicy(schedule.random, schedule.policy.trigger);
  await changeTo(schedule, next, people);
};

async function changeTo(schedule: Schedule, next: ModelPolicy, { dpo, admin }: People): Promise<void> {
  const { policyId, unitId } = schedule;
  const { name: _, match, ...terms } = termsOf(unitId, next);
  const answer = await changeTerms(policyId, { ...terms, match }, { acknowledgedDue: 1000, by: again(admin) });
  const approvalId = "approvalId" in answer ? (answer.approvalId as string | undefined) : undefined;
  const lowers = schedule.policy.minimum !== null && (next.minimum ?? 0) < schedule.policy.minimum;
  if (lowers !== (approvalId !== undefined))
    throw new Error(lowers ? "one person lowered a minimum" : "a second person was asked for nothing");
  if (approvalId !== undefined) {
    const isAgreed = schedule.random() < 0.6;
    await decideMinimumReduction(again(dpo), {
      approvalId,
      decision: isAgreed ? "approved" : "rejected",
      reason: "Conferido por mim",
    });
    if (!isAgreed) return;
  }
  schedule.policy = next;
  for (const recording of schedule.recordings) give(recording, next, lowers);
}

/**
 * A change too large for its own transaction: recordings keep their old dates until a recalculation runs. The
 * recalculation is stored before the change, so that no recording is ever deleted by an inconsistent date.
 */
const changeLargePolicy: Action = async (schedule, people) => {
  const { policyId, unitId } = schedule;
  const next = { ...randomPolicy(schedule.random, schedule.policy.trigger), minimum: schedule.policy.minimum };
  next.period = Math.max(next.period, next.minimum ?? 0);
  const old = await database().select().from(recordings).where(eq(recordings.unitId, unitId));
  const moveId = newId();
  await database()
    .insert(retentionMoves)
    .values({ id: moveId, policyId, version: 1, ofDefault: false, unitId, lowersMinimum: false });
  schedule.isUnderChange = true;
  await changeTo(schedule, next, people);
  await database().transaction(async (tx) => {
    await lockPoliciesForChange(tx);
    const [waiting] = await tx
      .select({ id: retentionMoves.id })
      .from(retentionMoves)
      .where(and(eq(retentionMoves.id, moveId), sql`${retentionMoves.finishedAt} is null`));
    if (waiting)
      await writeDates(
        tx,
        old.filter(({ retainUntil }) => retainUntil !== null) as (RecordingDates & { id: string })[],
      );
  });
};

const report: Action = async ({ random, policy, recordings: all }, { admin }) => {
  const recording = pick(random, all);
  const ended = pick(random, [4, 60, 240]);
  const answer = await unless(
    ["conflict"],
    reportTrigger(again(admin), {
      recordingId: recording.id,
      kind: "contract_end",
      occurredAt: daysAgo(ended).toISOString(),
    }),
  );
  if (!answer) return;
  recording.ended = ended;
  give(recording, policy);
};

/** Something happens to a recording in nearly every round; otherwise too few interactions would occur. */
const actions: { name: string; action: Action; weight: (schedule: Schedule) => number }[] = [
  { name: "hold", action: place, weight: ({ holdIds }) => (holdIds.length < 2 ? 4 : 0) },
  { name: "more held", action: extend, weight: ({ holdIds }) => (holdIds.length > 0 ? 1 : 0) },
  { name: "whole calls held", action: widen, weight: ({ holdIds }) => (holdIds.length > 0 ? 2 : 0) },
  { name: "release?", action: askRelease, weight: ({ holdIds, asked }) => (holdIds.length > 0 && !asked ? 3 : 0) },
  { name: "release!", action: decide, weight: ({ asked }) => (asked ? 4 : 0) },
  { name: "erasure", action: erase, weight: () => 2 },
  { name: "deletion order", action: orderGone, weight: () => 2 },
  { name: "policy", action: changePolicy, weight: ({ isUnderChange }) => (isUnderChange ? 0 : 2) },
  { name: "large policy", action: changeLargePolicy, weight: ({ isUnderChange }) => (isUnderChange ? 0 : 2) },
  { name: "contract end", action: report, weight: ({ policy }) => (policy.trigger === "call" ? 0 : 4) },
  { name: "nothing", action: async () => undefined, weight: () => 2 },
];

/** The next step of a schedule. */
export async function act(schedule: Schedule, people: People): Promise<void> {
  const weights = actions.map(({ weight }) => weight(schedule));
  let at = schedule.random() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = actions[weights.findIndex((weight) => (at -= weight) < 0)]!;
  schedule.history.push(chosen.name);
  await chosen.action(schedule, people);
}
