import { eq } from "drizzle-orm";
import { AppError, type ErrorCode } from "@/lib/core/errors";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, retentionMoves } from "@/lib/db/schema";
import { finishHolds } from "@/lib/legal-holds/finish-holds";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { beforeEveryId } from "@/lib/legal-holds/placement/place-next-batch";
import { jobContext } from "@/lib/operation/job-context";
import { liftBlock } from "@/lib/recordings/blocking/lift-block";
import { contextOf, type Person } from "../../../support/actors";
import { facts } from "../../../support/holds";
import { releasedHold } from "../../../support/placed-holds";
import { changeTerms } from "../../../support/policy-changes";
import { give } from "./model";
import { pick, randomPolicy, some, termsOf, type People, type Schedule } from "./world";

export type Action = (schedule: Schedule, people: People) => Promise<void>;

export const as = ({ actor }: Person) => contextOf(actor);

/** A command may be too late; every other error is a failure. */
export async function unless<Result>(codes: readonly ErrorCode[], work: Promise<Result>): Promise<Result | null> {
  return work.catch((error: unknown) => {
    if (error instanceof AppError && codes.includes(error.code)) return null;
    throw error;
  });
}

/** On chosen recordings, or on all of the unit, other people's too. */
const place: Action = async (schedule, { dpo }) => {
  const { random, unitId } = schedule;
  const chosen = some(random, schedule.recordings, 0.4).map(({ id }) => id);
  const selection =
    random() < 0.2 || chosen.length === 0
      ? { filters: { unitId } }
      : { recordingIds: chosen, onlyThese: random() < 0.5 };
  const placed = await unless(["nothing_to_hold"], placeHold(as(dpo), { ...facts(dpo.userId), selection }));
  if (!placed) return;
  schedule.holdIds.push(placed.holdId);
  await noteHeld(schedule, placed.holdId);
  if (random() < 0.3) await goOnPlacing(placed.holdId, unitId);
};

async function noteHeld({ recordings }: Schedule, holdId: string): Promise<void> {
  const { recordingId, holdId: ofHold } = legalHoldRecordings;
  const rows = await database().select({ id: recordingId }).from(legalHoldRecordings).where(eq(ofHold, holdId));
  for (const recording of recordings) if (rows.some(({ id }) => id === recording.id)) recording.holds.add(holdId);
}

/**
 * As a search so large that its batches go on: until a job ends it, nobody can tell what the hold will reach. Nothing
 * is left that it could reach.
 */
async function goOnPlacing(holdId: string, unitId: string): Promise<void> {
  const placement = { filters: { unitId }, unitIds: null, createdBefore: "2000-01-01", through: beforeEveryId };
  await database().update(legalHolds).set({ placement }).where(eq(legalHolds.id, holdId));
}

const release: Action = async (schedule, { dpo, substitute }) => {
  const holdId = pick(schedule.random, schedule.holdIds);
  await releasedHold(holdId, dpo, substitute);
  schedule.holdIds = schedule.holdIds.filter((id) => id !== holdId);
  for (const { holds } of schedule.recordings) holds.delete(holdId);
};

export async function releaseAll(schedule: Schedule, people: People): Promise<void> {
  while (schedule.holdIds.length > 0) await release(schedule, people);
}

/** A longer or shorter period, or a higher minimum, in force at once. */
const changePolicy: Action = async (schedule, { admin }) => {
  const next = randomPolicy(schedule.random, schedule.policy.minimum);
  const { name: _, match, ...terms } = termsOf(schedule.unitId, next);
  await changeTerms(schedule.policyId, { ...terms, match }, { acknowledgedDue: 1000, by: as(admin) });
  schedule.policy = next;
  for (const recording of schedule.recordings) if (recording.state === "stored") give(recording, next);
};

/** A change too large for its own transaction, which in the end gives no other dates. */
const changeLargePolicy: Action = async (schedule) => {
  const { policyId, unitId } = schedule;
  const move = { id: newId(), policyId, version: 1, ofDefault: false, unitId, lowersMinimum: false };
  await database().insert(retentionMoves).values(move);
  schedule.isUnderChange = true;
};

const lift: Action = async (schedule, { dpo }) => {
  const blocked = schedule.recordings.filter(({ isBlocked, state }) => isBlocked && state === "stored");
  const recording = pick(schedule.random, blocked);
  recording.isBlocked = false;
  recording.wasLifted = true;
  await liftBlock(as(dpo), { recordingId: recording.id, reason: "Contestação resolvida" });
};

const endPlacing: Action = () => finishHolds(jobContext("reconcile"), AbortSignal.timeout(20_000));

type Weighed = { name: string; action: Action; weight: (schedule: Schedule) => number };

const actions: Weighed[] = [
  { name: "hold", action: place, weight: ({ holdIds }) => (holdIds.length < 2 ? 3 : 0) },
  { name: "release", action: release, weight: ({ holdIds }) => (holdIds.length > 0 ? 3 : 0) },
  { name: "holds placed", action: endPlacing, weight: ({ holdIds }) => (holdIds.length > 0 ? 2 : 0) },
  { name: "policy", action: changePolicy, weight: ({ isUnderChange }) => (isUnderChange ? 0 : 1) },
  { name: "large policy", action: changeLargePolicy, weight: ({ isUnderChange }) => (isUnderChange ? 0 : 1) },
  {
    name: "lift",
    action: lift,
    weight: ({ recordings }) => (recordings.some(({ isBlocked, state }) => isBlocked && state === "stored") ? 2 : 0),
  },
  { name: "nothing", action: async () => undefined, weight: () => 4 },
];

/** How often each action happened, in all schedules. */
export const happenedActions = new Map<string, number>();

/** Takes one of these actions by weight. */
export async function takeOne(schedule: Schedule, people: People, from: readonly Weighed[] = actions): Promise<void> {
  const weights = from.map(({ weight }) => weight(schedule));
  let at = schedule.random() * weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = from[weights.findIndex((weight) => (at -= weight) < 0)];
  if (!chosen) return;
  schedule.history.push(chosen.name);
  happenedActions.set(chosen.name, (happenedActions.get(chosen.name) ?? 0) + 1);
  await chosen.action(schedule, people);
}
