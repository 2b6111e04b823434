import { rm } from "node:fs/promises";
import { inArray, sql } from "drizzle-orm";
import pLimit from "p-limit";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { sealAuditLog } from "@/lib/audit/seal-audit-log";
import { database } from "@/lib/db/client";
import { recordings, retentionPolicies } from "@/lib/db/schema";
import { idList } from "@/lib/db/id-list";
import { configuredStores } from "@/lib/storage/configured-store";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { readAnswers } from "@/lib/subject-requests/answer/read-answers";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { person } from "../../../support/actors";
import { sealAll } from "../../../support/deletions";
import { randomFrom } from "../../../support/fault-schedule";
import { beginEpoch, ended, verify } from "../../../support/log-under-test";
import { makeMortal, storeFaults } from "../../../support/mortal-process";
import { policy } from "../../../support/recordings";
import { isRepeated, isThorough, seedBatches } from "../../../support/seeds";
import { noteAnswered, packageOf } from "./answer-actions";
import { as, happenedActions, releaseAll, takeOne } from "./custody-actions";
import { custodyOf } from "./custody-snapshot";
import {
  complaintsOfDecisions,
  complaintsOfDeletions,
  complaintsOfEnd,
  complaintsOfFollowUps,
  complaintsOfStates,
  complaintsOfStep,
  doneMeasures,
  permitsOf,
} from "./invariants";
import { deaths, happenedFaults, letTimePass, mortalRun, runsThatFinish } from "./jobs";
import { complaintsOfLetter, newLetters, type Letter } from "./letters";
import { requestActions } from "./request-actions";
import { makeSchedule, pick, rightsIn, type People, type Schedule } from "./world";

const schedulesInBatch = 25;
const seeds = seedBatches(300, schedulesInBatch);
const rounds = 7;

const { copyFolder } = vi.hoisted(() => {
  const copyFolder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: copyFolder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return { copyFolder };
});

const everything: Schedule[] = [];
const letters: Letter[] = [];
const names = new Map<string, string>();
let people: People;

beforeAll(async () => {
  await policy(3650);
  const [dpo, substitute, admin] = await Promise.all([person("dpo"), person("dpo"), person("admin")]);
  people = { dpo, substitute, admin };
  const facts = { ...noFacts, smallAgent: undefined, legalName: "Exemplo S.A.", officerName: "Ana Encarregada" };
  await changeController(as(dpo), { ...facts, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
  for (const store of configuredStores()) {
    await store.put("control/first", Buffer.from("known"), { contentType: "text/plain", ifNoneMatch: null });
    makeMortal(store, (key) => names.get(key) ?? key.replace(/\d{12}/, "entry"));
  }
});
afterAll(() => rm(copyFolder, { recursive: true, force: true }));

/** Does one step of all schedules, and compares custody, and each letter of the step, with before and after. */
async function step(schedules: Schedule[], work: () => Promise<unknown>): Promise<void> {
  const [before, custodyBefore] = [permitsOf(schedules), await custodyOf(schedules)];
  await work();
  const custody = await custodyOf(schedules);
  expect.soft(await complaintsOfStep(schedules, { before, custody, copyFolder })).toEqual([]);
  const written = await newLetters(schedules);
  letters.push(...written);
  const complaints = await Promise.all(
    written.map((letter) => {
      const schedule = schedules.find(({ requests }) =>
        requests.some(({ requestId }) => requestId === letter.requestId),
      )!;
      return complaintsOfLetter(letter, schedule, [custodyBefore, custody]);
    }),
  );
  expect.soft(complaints.flat()).toEqual([]);
}

/** One or two steps at the desk. */
async function workOn(schedule: Schedule): Promise<void> {
  await takeOne(schedule, people, requestActions);
  if (schedule.random() < 0.7) await takeOne(schedule, people, requestActions);
}

/** What waits for somebody: is approved if it can be, or withdrawn. */
async function endWork(schedule: Schedule): Promise<void> {
  const { dpo, substitute } = people;
  for (const { right } of rightsIn(schedule, "awaiting_approval")) {
    await decideRequestApproval(as(substitute), {
      approvalId: right.approvalId!,
      decision: "approved",
      reason: "Conferido por mim",
    });
    right.state = "executing";
  }
  for (const { request, right } of rightsIn(schedule, "finding", "analysing")) {
    const ids = { requestId: request.requestId, processIds: [right.processId] };
    await moveRights(as(dpo), { ...ids, step: "withdraw", reason: "Desistiu" });
    Object.assign(right, { state: "withdrawn", decisions: new Map() });
  }
}

/** After clean runs every right that was decided can be answered. */
async function answerAll(schedule: Schedule): Promise<void> {
  for (const request of schedule.requests) {
    if (!request.rights.some(({ state }) => ["executing", "unverified", "forwarded"].includes(state))) continue;
    await issueAnswer(as(people.dpo), { requestId: request.requestId });
    await noteAnswered(request);
    expect.soft(request.rights.filter(({ state }) => state === "executing")).toEqual([]);
  }
}

/** The legal minimums of half of the schedules pass, and their holds are released. */
async function nothingKeeps(schedules: readonly Schedule[]): Promise<void> {
  for (const schedule of schedules) {
    await releaseAll(schedule, people);
    for (const recording of schedule.recordings) recording.minimumEnds &&= Math.min(recording.minimumEnds, -1);
  }
  const ids = idList(schedules.flatMap((schedule) => schedule.recordings.map(({ id }) => id)));
  await database()
    .update(recordings)
    .set({ minimumUntil: sql`least(${recordings.minimumUntil}, now() - interval '1 second')` })
    .where(sql`${recordings.id} = any(${ids}) and ${recordings.minimumUntil} is not null
      and ${recordings.state} = 'stored'`);
}

/** Every file of every answer can be had: the package reads what is in the store. */
async function collectEverything({ requests }: Schedule): Promise<void> {
  for (const { requestId } of requests) {
    const { answers } = await readAnswers(as(people.dpo), { requestId });
    for (const { id: answerId, files } of answers)
      for (const { kind, part, orderId } of files) {
        if (kind === "package")
          expect((await packageOf({ requestId, answerId, part })).subarray(0, 2).toString()).toBe("PK");
        if (kind === "certificate") await issueOrderReceipt(as(people.dpo), { orderId: orderId! });
      }
  }
}

test.each(seeds)(`schedules %i and ${schedulesInBatch - 1} more`, { timeout: 900_000 }, async (seed) => {
  const random = randomFrom(seed + 1_000_003);
  const limit = pLimit(6);
  const each = (work: (schedule: Schedule) => Promise<unknown>, of: Schedule[] = schedules) =>
    Promise.all(of.map((schedule) => limit(() => work(schedule))));
  const schedules = await Promise.all(
    Array.from({ length: schedulesInBatch }, (_, index) => limit(() => makeSchedule(seed + index, copyFolder))),
  );
  for (const { name, keys } of schedules.flatMap((schedule) => schedule.recordings))
    keys.forEach((key, index) => names.set(key, `${name}.${index}`));
  everything.push(...schedules);

  for (let round = 0; round < rounds; round += 1) {
    const runs = Array.from({ length: pick(random, [0, 1, 1, 2, 2]) }, () => Math.floor(random() * 2 ** 31));
    if (random() < 0.7) await letTimePass();
    await step(schedules, () =>
      Promise.all([
        ...runs.map(mortalRun),
        each((schedule) => workOn(schedule)),
        each((schedule) => takeOne(schedule, people)),
      ]),
    );
  }
  await step(schedules, () => each(endWork));
  await step(schedules, runsThatFinish);
  await step(schedules, () => each(answerAll));
  expect.soft(await complaintsOfEnd(schedules, copyFolder)).toEqual([]);
  await step(schedules, () => nothingKeeps(schedules.filter((schedule) => schedule.seed % 2 === 0)));
  await step(schedules, runsThatFinish);
  expect.soft(await complaintsOfEnd(schedules, copyFolder)).toEqual([]);
  expect.soft(await complaintsOfStates(schedules)).toEqual([]);
  expect.soft(await complaintsOfFollowUps()).toEqual([]);
  // Removed for the next batch, because every calculation reads all active policies.
  const ids = schedules.map(({ policyId }) => policyId);
  await database().update(retentionPolicies).set({ active: false }).where(inArray(retentionPolicies.id, ids));
});

test(
  "each erasure was decided, approved, proved and certified, and the log verifies",
  { timeout: 600_000 },
  async () => {
    expect.soft(await complaintsOfDecisions()).toEqual([]);
    expect.soft(await complaintsOfDeletions()).toEqual([]);
    await beginEpoch();
    await sealAll();
    await sealAuditLog(configuredStores()[0]!);
    for (const schedule of everything) await collectEverything(schedule);
    await sealAll();
    await ended();
    await sealAuditLog(configuredStores()[0]!);
    expect(await verify()).toMatchObject({ verdict: "whole", unsealed: 0, findings: [] });
  },
);

test("steps, measures and letters of every kind occurred", async () => {
  if (isRepeated) return;
  const measures = await doneMeasures();
  const told = letters.flatMap(({ content }) => content.rights.flatMap(({ decisions }) => decisions));
  const waits = told.filter(({ measure, doneAt }) => measure === "delete_later" && doneAt === null);
  const often = {
    ...Object.fromEntries(
      ["delete", "delete_later", "keep", "block", "deliver"].map((each) => [each, measures.get(each)]),
    ),
    ...{ letters: letters.length, followUps: letters.filter(({ issuedBy }) => issuedBy === null).length },
    ...{ kept: waits.length, approvals: happenedActions.get("second person") },
  };
  for (const [name, count] of Object.entries(often)) expect(count ?? 0, name).toBeGreaterThan(0);
  // In one batch chance and the speed of the machine decide whether these occur.
  if (!isThorough) return;
  for (const { name } of requestActions) expect(happenedActions.get(name) ?? 0, name).toBeGreaterThan(0);
  expect([...measures.keys()]).toEqual(expect.arrayContaining(["anonymise", "withhold", "inform"]));
  expect([...happenedFaults.keys()].sort()).toEqual([...storeFaults].sort());
  expect(deaths.count).toBeGreaterThan(0);
  for (const kind of ["isStopped", "isLifted", "goneAt"] as const)
    expect(
      told.some((each) => each[kind]),
      kind,
    ).toBe(true);
});
