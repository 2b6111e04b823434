import { beforeAll, beforeEach, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { readRetentionRun } from "@/lib/deletion/runs/read-retention-run";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { releaseEffects } from "@/lib/legal-holds/release/release-effects";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readRecording } from "@/lib/recordings/read-recording";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { previewRetention } from "@/lib/retention/preview-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { listPastRetention } from "@/lib/store-scan/compare/scan-past-retention";
import { changeTerms } from "../../support/policy-changes";
import { policyTerms } from "../../support/policies";
import { person } from "../../support/actors";
import { endDoubt } from "../../support/doubtful-dates";
import { job as jobOf } from "../../support/people";
import { admin, daysAgo, isOnDisk, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

let unitId: string;
let policyId: string;

beforeAll(async () => {
  policyId = await policy(90);
});
beforeEach(async () => {
  await endDoubt();
  await run();
  ({ unitId } = await unitWithQueue());
});

const doubtful = (days = 200) => storedRecording({ unitId, startedAt: daysAgo(days), dateDoubt: "past_retention" });
const certain = (days = 200) => storedRecording({ unitId, startedAt: daysAgo(days) });
const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
const found = async (filters: object) =>
  (await listRecordings(admin(), { unitId, ...filters })).rows.map(({ id }) => id).sort();

test("retention keeps a doubtful date for ever, and deletes the same date once it is confirmed", async () => {
  const [kept, due] = [await doubtful(), await certain()];
  const result = await run();
  expect(result).toMatchObject({ state: "finished", due: 1, deleted: 1, remaining: 0, held: 0, doubtfulDate: 1 });
  expect([(await row(kept.id)).state, (await row(due.id)).state]).toEqual(["stored", "deleted"]);
  expect(isOnDisk(kept.keys)).toBe(true);
  const share = { due: 1, deleted: 1, doubtfulDate: 1, held: 0, remaining: 0 };
  expect(await readRetentionRun(admin(), { runId: result.runId })).toMatchObject({
    doubtfulDate: 1,
    byPolicy: [{ id: policyId, ...share }],
    byUnit: [{ id: unitId, ...share }],
  });
  expect(await run()).toMatchObject({ due: 0, deleted: 0, doubtfulDate: 1 });
  await endDoubt(kept.id);
  expect(await run()).toMatchObject({ due: 1, deleted: 1, doubtfulDate: 0 });
});

test("dry run, calendar, list, filter and page agree about which dates are doubtful", async () => {
  const [due, kept, later] = [await certain(), await doubtful(), await doubtful(80)];
  const preview = await previewRetention(job(), { limit: 100 });
  expect(preview.recordings.map(({ recordingId }) => recordingId)).toEqual([due.id]);
  expect(preview).toMatchObject({ doubtfulDate: 1, waitingForChange: 0, totals: [{ recordings: 1 }] });

  const forecast = await forecastRetention(admin(), { days: 30 });
  expect(forecast).toMatchObject({ dueNow: { recordings: 1 }, doubtfulDate: 2, held: 0, policies: [] });

  expect(await found({ dueTo: "2099-01-01" })).toEqual([due.id]);
  expect(await found({ dueFrom: "1999-01-01" })).toEqual([due.id]);
  expect(await found({ doubtfulDate: "yes" })).toEqual([kept.id, later.id].sort());
  expect(await found({ doubtfulDate: "no" })).toEqual([due.id]);
  const dpo = await person("dpo");
  const supervisor = await person("supervisor", { unitIds: [unitId] });
  expect(await readRecording(dpo.context, { recordingId: kept.id })).toMatchObject({
    dateDoubt: "past_retention",
    mayConfirmDate: true,
  });
  expect(await readRecording(supervisor.context, { recordingId: kept.id })).toMatchObject({
    dateDoubt: "past_retention",
    mayConfirmDate: false,
  });
  expect(await readRecording(dpo.context, { recordingId: due.id })).toMatchObject({ dateDoubt: null });
});

test("a deleted recording is not listed as doubtful", async () => {
  const { id } = await doubtful();
  await orderAll();
  expect((await row(id)).state).toBe("deleted");
  expect(await found({ doubtfulDate: "yes" })).toEqual([]);
});

test("a recording under a hold is counted as held only", async () => {
  const [kept, due] = [await doubtful(), await certain()];
  const dpo = await person("dpo");
  await placeHold(dpo.context, {
    matter: "Processo 0009",
    reason: "Ação em curso",
    ownerId: dpo.userId,
    reviewOn: "2099-01-31",
    selection: { recordingIds: [kept.id, due.id] },
  });
  expect(await run()).toMatchObject({ due: 0, held: 2, doubtfulDate: 0, remaining: 0 });
});

async function orderAll() {
  const { orderId } = await orderDeletion(jobOf("deletion-order"), {
    selection: { unitId },
    justification: "Pedido da controladora",
    acknowledgedRecordings: 1,
  });
  await runDeletionOrder(jobOf("deletion-order"), orderId, {
    ...{ stores: configuredStores(), runId: null, batchSize: 250 },
  });
}

test("a deletion order does not wait for a decision about the date", async () => {
  const { id } = await doubtful();
  expect(await previewDeletionOrder(jobOf("deletion-order"), { unitId })).toMatchObject({ recordings: 1 });
  await orderAll();
  expect((await row(id)).state).toBe("deleted");
});

test("the store scan reports what retention failed to delete, and no doubtful date", async () => {
  const [due] = [await certain(), await doubtful()];
  const overdue = await listPastRetention(jobOf("store-scan"), { cursor: null, limit: 100 });
  expect(overdue.map(({ id }) => id)).toEqual([due.id]);
});

test("a policy change and the release of a hold count none that stays because of its date", async () => {
  const [kept, due] = [await doubtful(100), await certain(100)];
  const terms = policyTerms(400, { name: "Mais tempo", match: { unitId } });
  const longer = await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
  const shorter = { ...terms, period: { value: 30, unit: "day" as const } };
  const change = { change: "update" as const, policyId: longer.policyId, version: 1, terms: shorter };
  expect(await previewRetentionPolicyChange(admin(), change)).toMatchObject({
    earlier: { recordings: 2 },
    dueAtOnce: { recordings: 1 },
  });

  const dpo = await person("dpo");
  const { holdId } = await placeHold(dpo.context, {
    matter: "Processo 0011",
    reason: "Ação em curso",
    ownerId: dpo.userId,
    reviewOn: "2099-01-31",
    selection: { recordingIds: [kept.id, due.id] },
  });
  await changeTerms(longer.policyId, { period: shorter.period }, { acknowledgedDue: 2 });
  expect((await releaseEffects(database(), [holdId])).get(holdId)).toEqual({ recordings: 2, pastDue: 1 });
});
