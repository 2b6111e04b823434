import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { numberColumns } from "@/lib/recordings/customer-number";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import type { Person } from "../../../support/actors";
import { freshNumber } from "../../../support/analysed-requests";
import type { ProcessState } from "@/lib/db/schema/subject-request-words";
import { randomFrom } from "../../../support/fault-schedule";
import { policyTerms } from "../../../support/policies";
import { admin, daysAgo, fileOf, storedRecording, unitWithQueue } from "../../../support/recordings";
import { give, type ModelPolicy, type ModelRecording, type ModelRequest } from "./model";

/** Who works at the desk. The substitute is the second person. */
export type People = { dpo: Person; substitute: Person; admin: Person };

/** One schedule: somebody with recordings, others beside them, and the requests about them. */
export type Schedule = {
  seed: number;
  random: () => number;
  number: string;
  unitId: string;
  policyId: string;
  policy: ModelPolicy;
  recordings: ModelRecording[];
  requests: ModelRequest[];
  holdIds: string[];
  /** A change of its policy is still being applied. */
  isUnderChange: boolean;
  /** The history of actions, shown with a failure. */
  history: string[];
};

export const pick = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)]!;
export const some = <Item>(random: () => number, items: readonly Item[], share = 0.5): Item[] =>
  items.filter(() => random() < share);

/** Rights in a state, each with its request. */
export const rightsIn = ({ requests }: Schedule, ...states: ProcessState[]) =>
  requests.flatMap((request) =>
    request.rights.filter(({ state }) => states.includes(state)).map((right) => ({ request, right })),
  );

const inDays = (value: number) => ({ value, unit: "day" as const });

export const termsOf = (unitId: string, { minimum, period }: ModelPolicy) =>
  policyTerms(period, { match: { unitId }, name: "Unidade", minimum: minimum === null ? null : inDays(minimum) });

/** Never a lower minimum than before. */
export function randomPolicy(random: () => number, before: number | null = null): ModelPolicy {
  const minimum = pick(
    random,
    [null, null, 30, 150].filter((days) => before === null || (days ?? 0) >= before),
  );
  return { minimum, period: pick(random, [Math.max(60, minimum ?? 0), 200, 400, 400, 500]) };
}

/** @param copyFolder the second store, which gets a copy of every object. */
export async function makeSchedule(seed: number, copyFolder: string): Promise<Schedule> {
  const random = randomFrom(seed);
  const { unitId } = await unitWithQueue();
  const policy = randomPolicy(random);
  const terms = termsOf(unitId, policy);
  const { policyId } = await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
  const number = freshNumber();
  const own = 2 + Math.floor(random() * 3);
  const made: ModelRecording[] = [];
  for (let index = 0; index < own + 2; index += 1) {
    const call = { age: pick(random, [10, 100, 250]), isOther: index >= own };
    const of = { unitId, number: call.isOther ? freshNumber() : number, sourceCallId: callOf(seed, index, call) };
    const recording = await makeRecording(`${seed}.${index}`, { ...call, ...of, copyFolder });
    give(recording, policy);
    made.push(recording);
  }
  const nothing = { requests: [], holdIds: [], isUnderChange: false, history: [] };
  return { seed, random, number, unitId, policyId, policy, recordings: made, ...nothing };
}

/** The first two recordings are of one call. */
const callOf = (seed: number, index: number, { isOther }: { isOther: boolean }) =>
  `chamada-${seed}-${index === 1 && !isOther ? 0 : index}`;

type Call = {
  age: number;
  isOther: boolean;
  unitId: string;
  number: string;
  sourceCallId: string;
  copyFolder: string;
};

async function makeRecording(name: string, { age, isOther, number, copyFolder, ...call }: Call) {
  // A time of its own, by which a letter's recordings are told apart.
  const startedAt = new Date(daysAgo(age).getTime() + Number(name.split(".")[1]) * 60_000);
  const { id, keys } = await storedRecording({ ...call, startedAt });
  const columns = { ...numberColumns(readNumber(number)), objectVersionId: null, objectEtag: null };
  await database().update(recordings).set(columns).where(eq(recordings.id, id));
  const digests = new Map<string, string>();
  for (const key of keys) {
    const copy = objectPath(copyFolder, key);
    await mkdir(path.dirname(copy), { recursive: true });
    await copyFile(fileOf(key), copy);
    digests.set(key, await digestOf(copy));
  }
  const recording: ModelRecording = {
    ...{ name, id, keys, digests, age, isOther, startedAt: startedAt.toISOString() },
    ...{ minimumEnds: null, needEnds: 0, holds: new Set(), state: "stored", isBlocked: false, wasLifted: false },
  };
  return recording;
}

export const digestOf = async (file: string) =>
  createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
