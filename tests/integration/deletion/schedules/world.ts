import { createHash, randomBytes } from "node:crypto";
import { copyFile, mkdir } from "node:fs/promises";
import path from "node:path";
import pLimit from "p-limit";
import { database } from "@/lib/db/client";
import { agents, recordings, recordingWaveforms, units, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import type { RecordingDates } from "@/lib/retention/recording-dates";
import { configuredStore } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { randomFrom } from "../../../support/fault-schedule";
import { policyTerms } from "../../../support/policies";
import { admin, daysAgo, fileOf } from "../../../support/recordings";
import { give, type ModelPolicy, type ModelRecording } from "./model";

/** One schedule: a unit with its policy and recordings, and the open release requests. */
export type Schedule = {
  seed: number;
  random: () => number;
  unitId: string;
  policyId: string;
  policy: ModelPolicy;
  recordings: ModelRecording[];
  holdIds: string[];
  /** An open approval request. */
  asked: { holdId: string; approvalId: string } | null;
  /** A change of its policy is still being applied. */
  isUnderChange: boolean;
  /** The history of actions, shown with a failure. */
  history: string[];
};

export const pick = <Item>(random: () => number, items: readonly Item[]): Item =>
  items[Math.floor(random() * items.length)]!;
export const some = <Item>(random: () => number, items: readonly Item[], share = 0.5): Item[] =>
  items.filter(() => random() < share);

const ages = [10, 100, 250];
const body = randomBytes(64);
export const bodySha256 = createHash("sha256").update(body).digest();
const limit = pLimit(16);

export function randomPolicy(
  random: () => number,
  trigger = pick(random, ["call", "call", "contract_end"] as const),
): ModelPolicy {
  const minimum = pick(random, [null, 30, 150]);
  const period = pick(random, minimum === null ? [5, 60, 200, 400] : [minimum, 200, 400]);
  return { trigger, minimum, period, waiting: trigger === "call" ? null : pick(random, [200, 400]) };
}

const inDays = (value: number) => ({ value, unit: "day" as const });

export const termsOf = (unitId: string, { trigger, minimum, period, waiting }: ModelPolicy) =>
  policyTerms(period, {
    match: { unitId },
    name: "Unidade",
    trigger,
    minimum: minimum === null ? null : inDays(minimum),
    waiting: waiting === null ? null : inDays(waiting),
  });

/** @param copyFolder the second store, which gets a copy of every object. */
export async function makeSchedule(seed: number, copyFolder: string): Promise<Schedule> {
  const random = randomFrom(seed);
  // A separate sequence, so that the other choices of a seed stay the same.
  const doubts = randomFrom(seed + 5_000_011);
  const [unitId, agentId] = [newId(), newId()];
  await database()
    .insert(units)
    .values({ id: unitId, code: `u-${unitId}`, name: "Cobrança", timeZone: "America/Sao_Paulo" });
  await database().insert(agents).values({ id: agentId, unitId, code: "a-1" });
  const policy = randomPolicy(random);
  const { policyId } = await createRetentionPolicy(admin(), {
    terms: termsOf(unitId, policy),
    reason: "Teste",
    acknowledgedDue: 0,
  });
  const count = 2 + Math.floor(random() * 3);
  const made = Array.from({ length: count }, (_, index): ModelRecording => {
    const keys = Array.from({ length: random() < 0.3 ? 2 : 1 }, () => `recordings/${newId()}`);
    const dates = { age: pick(random, ages), ended: null, minimumEnds: null, needEnds: 0 };
    const recording = {
      name: `${seed}.${index}`,
      isDoubtful: doubts() < 0.2,
      id: newId(),
      keys,
      ...dates,
      holds: new Set<string>(),
      ordered: false,
      mustGo: false,
      erased: false,
      state: "stored" as const,
    };
    give(recording, policy);
    return recording;
  });
  await Promise.all(made.flatMap(({ keys }) => keys).map((key) => limit(() => store(key, copyFolder))));
  await insert(made, unitId, agentId);
  return {
    seed,
    random,
    unitId,
    policyId,
    policy,
    recordings: made,
    holdIds: [],
    asked: null,
    isUnderChange: false,
    history: [],
  };
}

async function store(key: string, copyFolder: string): Promise<void> {
  await configuredStore().put(key, body, { contentType: "audio/wav", ifNoneMatch: "*" });
  const copy = objectPath(copyFolder, key);
  await mkdir(path.dirname(copy), { recursive: true });
  await copyFile(fileOf(key), copy);
}

async function insert(made: ModelRecording[], unitId: string, agentId: string): Promise<void> {
  await database().transaction(async (tx) => {
    const facts = { unitId, queueId: null, direction: "inbound" as const, callKind: null };
    const dates = new Map<number, RecordingDates>();
    for (const { age } of made)
      if (!dates.has(age)) dates.set(age, await assignRetention(tx, { ...facts, startedAt: daysAgo(age) }));
    const rows: (typeof recordings.$inferInsert)[] = [];
    for (const [index, { id, age, keys, isDoubtful }] of made.entries()) {
      // Two recordings of one call, from one phone system.
      const first = made[index - (index % 2)]!.id;
      rows.push({
        ...{ id, ...facts, agentId, startedAt: daysAgo(age), ...dates.get(age)! },
        ...{
          state: "stored",
          source: "central",
          sourceCallId: `5511987654321-${first}`,
          sourceRecordingId: `leg-${index}`,
          uploadedByType: "service",
          uploadedById: first,
        },
        ...{
          customerNumberEncrypted: randomBytes(40),
          customerNumberIndex: randomBytes(32),
          customerNumberTailIndex: randomBytes(32),
        },
        ...{
          contentType: "audio/wav",
          sizeBytes: 64,
          sha256: bodySha256,
          objectKey: keys[0],
          objectEtag: "etag",
          objectVersionId: null,
        },
        ...{
          encryption: { algorithm: "custodia:aes256-gcm", keyId: "k1" },
          durationMs: 1000,
          channels: 1,
          waveformState: "ready",
          storedAt: new Date(),
          dateDoubt: isDoubtful ? "past_retention" : null,
        },
      });
    }
    await tx.insert(recordings).values(rows);
    const closed = { expiresAt: new Date(Date.now() - 2 * 3_600_000), closedAt: new Date() };
    await tx.insert(uploadTickets).values(
      made.flatMap(({ id, keys }) =>
        keys.map((objectKey, index) => ({
          ...closed,
          id: newId(),
          recordingId: id,
          objectKey,
          outcome: index === 0 ? ("completed" as const) : ("superseded" as const),
        })),
      ),
    );
    await tx
      .insert(recordingWaveforms)
      .values(made.map(({ id }) => ({ recordingId: id, channels: 1, bucketMs: 100, peaks: randomBytes(10) })));
  });
}
