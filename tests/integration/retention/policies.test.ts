import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, retentionPolicies } from "@/lib/db/schema";
import { env } from "@/lib/env";
import { newId } from "@/lib/new-id";
import { assignRetention } from "@/lib/retention/assign-retention";
import { createRetentionPolicy } from "@/lib/retention/create-retention-policy";
import { deactivateRetentionPolicy } from "@/lib/retention/deactivate-retention-policy";
import { findRetentionPolicy } from "@/lib/retention/find-retention-policy";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { listRetentionScopes } from "@/lib/retention/list-retention-scopes";
import { lockPoliciesForChange } from "@/lib/retention/lock-policies";
import { markDueRecordings } from "@/lib/retention/mark-due-recordings";
import { beforeEveryId, moveRecordings } from "@/lib/retention/move-recordings";
import { previewRetention } from "@/lib/retention/preview-retention";
import { previewRetentionPolicyChange } from "@/lib/retention/preview-retention-policy-change";
import { retainUntil } from "@/lib/retention/retain-until";
import { runRetention } from "@/lib/retention/run-retention";
import { startRetentionRun } from "@/lib/retention/start-retention-run";
import { updateRetentionPolicy } from "@/lib/retention/update-retention-policy";
import { configuredStores } from "@/lib/storage/configured-store";
import { admin, daysAgo, eventsAbout, job, policy, row, storedRecording, unitWithQueue } from "./recordings";

const zone = env().CONTROLLER_TIME_ZONE;
const texts = { name: "Regra", justification: "Norma interna 7" };
let place: Awaited<ReturnType<typeof unitWithQueue>>;
let defaultId: string;

async function versionOf(policyId: string): Promise<string> {
  return (await listRetentionPolicies(admin(), {})).find(({ id }) => id === policyId)!.version;
}

async function setDays(policyId: string, days: number, acknowledgedDue = 0) {
  return updateRetentionPolicy(admin(), { ...texts, policyId, version: await versionOf(policyId), days, acknowledgedDue });
}

async function dates(id: string) {
  const { retentionPolicyId, retainUntil: until } = await row(id);
  return { policyId: retentionPolicyId, until };
}

describe("without a default policy", () => {
  it("no recording can be taken in", async () => {
    const asked = database().transaction((tx) => assignRetention(tx, { unitId: newId(), queueId: null, startedAt: new Date() }));
    await expect(asked).rejects.toMatchObject({ code: "default_policy_required", status: 409 });
  });
});

describe("with a default policy", () => {
  beforeAll(async () => {
    defaultId = await policy(90);
    place = await unitWithQueue();
  });

  it("the most particular policy applies, and each change moves the stored recordings and back", async () => {
    const [inQueue, inUnit, elsewhere] = [place, { unitId: place.unitId }, { unitId: (await unitWithQueue()).unitId }];
    const startedAt = daysAgo(10);
    const [a, b, c] = [await storedRecording({ ...inQueue, startedAt }), await storedRecording({ ...inUnit, startedAt }), await storedRecording({ ...elsewhere, startedAt })];
    const expectDays = async (expected: [string, number][]) => {
      const found = await Promise.all([a, b, c].map(({ id }) => dates(id)));
      expect(found).toEqual(expected.map(([policyId, days]) => ({ policyId, until: retainUntil(startedAt, days, zone) })));
    };
    await expectDays([[defaultId, 90], [defaultId, 90], [defaultId, 90]]);
    const unitPolicy = await policy(180, { unitId: place.unitId }, "Unidade");
    await expectDays([[unitPolicy, 180], [unitPolicy, 180], [defaultId, 90]]);
    const queuePolicy = await policy(365, { queueId: place.queueId }, "Fila");
    await expectDays([[queuePolicy, 365], [unitPolicy, 180], [defaultId, 90]]);
    expect(await findRetentionPolicy(database(), { unitId: place.unitId, queueId: place.queueId })).toEqual({ id: queuePolicy, days: 365 });
    expect(await findRetentionPolicy(database(), { unitId: place.unitId, queueId: null })).toEqual({ id: unitPolicy, days: 180 });

    await setDays(defaultId, 60);
    await setDays(unitPolicy, 181);
    await expectDays([[queuePolicy, 365], [unitPolicy, 181], [defaultId, 60]]);

    await deactivateRetentionPolicy(admin(), { policyId: unitPolicy, version: await versionOf(unitPolicy), acknowledgedDue: 0 });
    await expectDays([[queuePolicy, 365], [defaultId, 60], [defaultId, 60]]);
    await deactivateRetentionPolicy(admin(), { policyId: queuePolicy, version: await versionOf(queuePolicy), acknowledgedDue: 0 });
    await expectDays([[defaultId, 60], [defaultId, 60], [defaultId, 60]]);
    await setDays(defaultId, 90);
  });

  it("the database gives the same dates as retainUntil, over daylight saving time and leap years", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(1, { unitId }, "Datas");
    const instants = fc.sample(fc.date({ min: new Date("2012-01-01T00:00:00Z"), max: new Date("2026-06-01T00:00:00Z"), noInvalidDate: true }), 60);
    const around = ["2018-11-04T03:00:00Z", "2018-02-18T03:00:00Z", "2024-02-29T03:00:00Z", "2024-03-01T03:00:00Z"].flatMap((at) => [Date.parse(at) - 1, Date.parse(at)]);
    const calls = await Promise.all([...instants, ...around.map((at) => new Date(at))].map(async (startedAt) => ({ startedAt, ...(await storedRecording({ unitId, startedAt })) })));
    for (const days of [30, 365, 3650]) {
      await setDays(unitPolicy, days, 10_000);
      for (const { id, startedAt } of calls) expect((await dates(id)).until, startedAt.toISOString()).toEqual(retainUntil(startedAt, days, zone));
    }
    await deactivateRetentionPolicy(admin(), { policyId: unitPolicy, version: await versionOf(unitPolicy), acknowledgedDue: 10_000 });
    await runRetention(job(), { stores: configuredStores(), timeLimitMs: 20_000 });
  });

  it("shows the effect before, and does no more than was shown", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(90, { unitId }, "Efeito");
    const calls = await Promise.all([5, 20, 40, 80].map((days) => storedRecording({ unitId, startedAt: daysAgo(days) })));
    const effect = await previewRetentionPolicyChange(admin(), { change: "update", policyId: unitPolicy, days: 30 });
    expect(effect).toEqual({ recordings: 4, dueAtOnce: 2, days: 30 });
    await expect(setDays(unitPolicy, 30, 1)).rejects.toMatchObject({ code: "conflict" });
    expect((await dates(calls[3]!.id)).until).toEqual(retainUntil(daysAgo(80), 90, zone));
    await setDays(unitPolicy, 30, effect.dueAtOnce);
    const [event] = await eventsAbout(unitPolicy, "retention_policy.updated");
    expect(event).toMatchObject({ actorType: "user", unitId, details: { changed: ["name", "justification", "days"], previousDays: 90, days: 30, recordings: 4, dueAtOnce: 2, moved: 4, finished: true } });
    expect(await previewRetentionPolicyChange(admin(), { change: "deactivate", policyId: unitPolicy })).toEqual({ recordings: 4, dueAtOnce: 0, days: 90 });
    expect(await previewRetentionPolicyChange(admin(), { change: "create", unitId, queueId: null, days: 10 })).toMatchObject({ recordings: 4, dueAtOnce: 1 });
    expect(await runRetention(job(), { stores: configuredStores(), timeLimitMs: 20_000 })).toMatchObject({ due: 2, deleted: 2 });
  });

  it("refuses a second policy of one scope, an unknown place, an old version, and the end of the default", async () => {
    const { unitId } = await unitWithQueue();
    const create = (input: object) => createRetentionPolicy(admin(), { ...texts, days: 10, unitId: null, queueId: null, acknowledgedDue: 0, ...input });
    await expect(create({})).rejects.toMatchObject({ code: "policy_exists" });
    await expect(create({ unitId: newId() })).rejects.toMatchObject({ code: "unknown_unit" });
    await expect(create({ queueId: newId() })).rejects.toMatchObject({ code: "unknown_unit" });
    await expect(create({ unitId, days: 0 })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(create({ unitId, days: 36_526 })).rejects.toMatchObject({ code: "invalid_input" });
    const { policyId } = await create({ unitId });
    const version = await versionOf(policyId);
    await updateRetentionPolicy(admin(), { ...texts, policyId, version, days: 11, acknowledgedDue: 0 });
    await expect(updateRetentionPolicy(admin(), { ...texts, policyId, version, days: 12, acknowledgedDue: 0 })).rejects.toMatchObject({ code: "conflict" });
    await expect(deactivateRetentionPolicy(admin(), { policyId: defaultId, version: await versionOf(defaultId), acknowledgedDue: 0 })).rejects.toMatchObject({ code: "default_policy_stays" });
    const scopes = await listRetentionScopes(admin(), {});
    expect(scopes.hasDefault).toBe(true);
    expect(scopes.units.find(({ id }) => id === unitId)).toMatchObject({ hasPolicy: true, queues: [{ hasPolicy: false }] });
  });

  it("a change too large for one transaction goes on in the next run, and until then nothing of its scope goes", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(90, { unitId }, "Grande");
    const calls = await Promise.all(Array.from({ length: 7 }, () => storedRecording({ unitId, startedAt: daysAgo(200) })));
    const outside = await storedRecording({ ...place, startedAt: daysAgo(200) });
    // What the command leaves when there is more than one transaction's worth: a longer period, and two recordings moved.
    await database().update(retentionPolicies).set({ days: 365, recalculatedThrough: beforeEveryId }).where(eq(retentionPolicies.id, unitPolicy));
    const first = await database().transaction(async (tx) => {
      await lockPoliciesForChange(tx);
      return moveRecordings(tx, unitPolicy, 2);
    });
    expect(first).toEqual({ moved: 2, finished: false });
    expect((await listRetentionPolicies(admin(), {})).find(({ id }) => id === unitPolicy)!.moving).toBe(true);

    expect(await previewRetention(job(), {})).toMatchObject({ recordings: [{ recordingId: outside.id }], waitingForChange: 5 });
    const { runId } = await startRetentionRun(job(), {});
    expect(await markDueRecordings(job(), { runId, limit: 100 })).toEqual({ recordingIds: [outside.id] });

    const result = await runRetention(job(), { stores: configuredStores(), timeLimitMs: 20_000 });

    expect(result).toMatchObject({ marked: 0, deleted: 1, remaining: 0 });
    expect((await row(outside.id)).state).toBe("deleted");
    for (const { id } of calls) expect(await dates(id)).toEqual({ policyId: unitPolicy, until: retainUntil(daysAgo(200), 365, zone) });
    expect((await eventsAbout(unitPolicy, "retention_policy.recalculated")).map(({ details }) => details)).toEqual([{ moved: 5, finished: true }]);
  });

  it("a recording completed while a policy changes gets the new date", async () => {
    const { unitId } = await unitWithQueue();
    const startedAt = daysAgo(10);
    const work = Array.from({ length: 20 }, (_, index) => (index === 10 ? policy(400, { unitId }, "Corrida") : storedRecording({ unitId, startedAt })));
    const done = await Promise.all(work);
    const unitPolicy = done[10] as string;
    const rows = await database().select({ policyId: recordings.retentionPolicyId, until: recordings.retainUntil }).from(recordings).where(sql`${recordings.unitId} = ${unitId}`);
    expect(rows).toHaveLength(19);
    for (const found of rows) expect(found).toEqual({ policyId: unitPolicy, until: retainUntil(startedAt, 400, zone) });
  });
});
