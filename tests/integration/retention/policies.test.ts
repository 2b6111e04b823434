import { eq, sql } from "drizzle-orm";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, retentionMoves, retentionPolicyVersions } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { assignRetention } from "@/lib/retention/retention-assignment";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { listRetentionPolicies } from "@/lib/retention/policies/list-retention-policies";
import { listRetentionScopes } from "@/lib/retention/policies/list-retention-scopes";
import { lockPoliciesForChange } from "@/lib/retention/policies/policy-rows";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { recalculateBatch } from "@/lib/retention/recalculation-batch";
import type { Period } from "@/lib/retention/policies/policy-terms";
import { previewRetention } from "@/lib/retention/preview-retention";
import { previewRetentionPolicyChange } from "@/lib/retention/policies/preview-retention-policy-change";
import { readRetentionPolicy } from "@/lib/retention/policies/read-retention-policy";
import { endOfPeriod } from "@/lib/core/time";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { updateRetentionPolicy } from "@/lib/retention/policies/update-retention-policy";
import { configuredStores } from "@/lib/storage/configured-store";
import { policyTerms } from "../../support/policies";
import { changeTerms, dates, endPolicy, inDays, readPolicy, setDays } from "../../support/policy-changes";
import {
  admin,
  daysAgo,
  eventsAbout,
  job,
  policy,
  row,
  storedRecording,
  unitWithQueue,
} from "../../support/recordings";

const zone = env().CONTROLLER_TIME_ZONE;
const until = (startedAt: Date, days: number) => endOfPeriod(startedAt, inDays(days), zone);
let place: Awaited<ReturnType<typeof unitWithQueue>>;
let defaultId: string;

const create = (terms: unknown, acknowledgedDue = 0) =>
  createRetentionPolicy(admin(), { terms: terms as ReturnType<typeof policyTerms>, reason: "Teste", acknowledgedDue });

describe("without a default policy", () => {
  it("refuses uploads", async () => {
    const asked = database().transaction((tx) =>
      assignRetention(tx, {
        unitId: newId(),
        queueId: null,
        direction: "inbound",
        callKind: null,
        startedAt: new Date(),
      }),
    );
    await expect(asked).rejects.toMatchObject({ code: "default_policy_required", status: 409 });
  });
});

describe("with a default policy", () => {
  beforeAll(async () => {
    defaultId = await policy(90);
    place = await unitWithQueue();
  });

  it("applies all matching policies; the latest date wins; a change recalculates stored recordings", async () => {
    const [inQueue, inUnit, elsewhere] = [place, { unitId: place.unitId }, { unitId: (await unitWithQueue()).unitId }];
    const startedAt = daysAgo(10);
    const [a, b, c] = [
      await storedRecording({ ...inQueue, startedAt }),
      await storedRecording({ ...inUnit, startedAt }),
      await storedRecording({ ...elsewhere, startedAt }),
    ];
    const expectDays = async (expected: [string, number, number][]) => {
      const found = await Promise.all([a, b, c].map(({ id }) => dates(id)));
      expect(found).toEqual(
        expected.map(([policyId, version, days]) => ({ policyId, version, until: until(startedAt, days) })),
      );
    };
    await expectDays([
      [defaultId, 1, 90],
      [defaultId, 1, 90],
      [defaultId, 1, 90],
    ]);
    const unitPolicy = await policy(60, { unitId: place.unitId }, "Unidade");
    await expectDays([
      [unitPolicy, 1, 60],
      [unitPolicy, 1, 60],
      [defaultId, 1, 90],
    ]);
    const queuePolicy = await policy(365, { queueId: place.queueId }, "Fila");
    await expectDays([
      [queuePolicy, 1, 365],
      [unitPolicy, 1, 60],
      [defaultId, 1, 90],
    ]);

    await setDays(defaultId, 70);
    await setDays(unitPolicy, 400);
    await expectDays([
      [unitPolicy, 2, 400],
      [unitPolicy, 2, 400],
      [defaultId, 2, 70],
    ]);

    await changeTerms(unitPolicy, { match: { unitId: place.unitId, callKind: "sale" } });
    await expectDays([
      [queuePolicy, 1, 365],
      [defaultId, 2, 70],
      [defaultId, 2, 70],
    ]);
    await endPolicy(unitPolicy);
    await endPolicy(queuePolicy);
    await expectDays([
      [defaultId, 2, 70],
      [defaultId, 2, 70],
      [defaultId, 2, 70],
    ]);
    await setDays(defaultId, 90);
  });

  it("stores the minimum with its rule and version, and nothing is deleted before it", async () => {
    const { unitId } = await unitWithQueue();
    const startedAt = daysAgo(100);
    const { id } = await storedRecording({ unitId, startedAt, direction: "outbound", callKind: "order" });
    const { policyId } = await create(
      policyTerms(1, {
        match: { callKind: "order", direction: "outbound" },
        name: "Ordens",
        minimum: { value: 5, unit: "year" },
        period: { value: 5, unit: "year" },
      }),
    );
    const minimumUntil = endOfPeriod(startedAt, { value: 5, unit: "year" }, zone);
    expect(await row(id)).toMatchObject({
      minimumPolicyId: policyId,
      minimumPolicyVersion: 1,
      minimumUntil,
      retentionPolicyId: policyId,
      retainUntil: minimumUntil,
    });
    await database()
      .update(recordings)
      .set({ retainUntil: daysAgo(1), minimumUntil: daysAgo(1) })
      .where(eq(recordings.id, id));
    const { runId } = await startRetentionRun(job(), {});
    await database().insert(retentionMoves).values({
      id: newId(),
      policyId,
      version: 1,
      ofDefault: false,
      direction: "outbound",
      callKind: "order",
      lowersMinimum: false,
    });
    expect(await markDueRecordings(job(), { runId, limit: 100 })).toEqual({ recordingIds: [] });
    await runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
    expect(await row(id)).toMatchObject({ state: "stored", minimumUntil, retainUntil: minimumUntil });
  });

  it("calculates the dates of retainUntil in the database, over clock changes and month ends", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(1, { unitId }, "Datas");
    const instants = fc.sample(
      fc.date({ min: new Date("2012-01-01T00:00:00Z"), max: new Date("2026-06-01T00:00:00Z"), noInvalidDate: true }),
      50,
    );
    const around = [
      "2018-11-04T03:00:00Z",
      "2018-02-18T03:00:00Z",
      "2024-02-29T03:00:00Z",
      "2024-03-01T03:00:00Z",
      "2023-01-31T03:00:00Z",
    ].flatMap((at) => [Date.parse(at) - 1, Date.parse(at)]);
    const calls = await Promise.all(
      [...instants, ...around.map((at) => new Date(at))].map(async (startedAt) => ({
        startedAt,
        ...(await storedRecording({ unitId, startedAt })),
      })),
    );
    for (const period of [inDays(3650), { value: 13, unit: "month" }, { value: 1, unit: "year" }] as Period[]) {
      await changeTerms(unitPolicy, { period }, { acknowledgedDue: 10_000 });
      for (const { id, startedAt } of calls)
        expect((await dates(id)).until, startedAt.toISOString()).toEqual(endOfPeriod(startedAt, period, zone));
    }
    await endPolicy(unitPolicy, { acknowledgedDue: 10_000 });
    await runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(60_000) });
  });

  it("previews the effect, and does no more than it showed", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(90, { unitId }, "Efeito");
    const calls = await Promise.all(
      [5, 20, 40, 80].map((days) => storedRecording({ unitId, startedAt: daysAgo(days) })),
    );
    const { version, ...terms } = await readPolicy(unitPolicy);
    const shorter = policyTerms(30, { ...terms, period: inDays(30) });
    const amount = (count: number) => ({ recordings: count, sizeBytes: count * 64 });
    const effect = await previewRetentionPolicyChange(admin(), {
      change: "update",
      policyId: unitPolicy,
      version,
      terms: shorter,
    });
    expect(effect).toMatchObject({
      recordings: 4,
      earlier: amount(4),
      later: amount(0),
      dueAtOnce: amount(2),
      minimumLater: 0,
      minimumEarlier: 0,
      needsApproval: false,
    });
    const sum = (key: "leaving" | "coming") => effect.months.reduce((total, month) => total + month[key], 0);
    expect([sum("leaving"), sum("coming")]).toEqual([4, 4]);
    await expect(setDays(unitPolicy, 30, 1)).rejects.toMatchObject({ code: "conflict" });
    expect((await dates(calls[3]!.id)).until).toEqual(until(daysAgo(80), 90));
    await setDays(unitPolicy, 30, effect.dueAtOnce.recordings);
    const [event] = await eventsAbout(unitPolicy, "retention_policy.updated");
    expect(event).toMatchObject({
      actorType: "user",
      unitId,
      details: {
        version: 2,
        changed: ["period"],
        period: "30 day",
        minimum: null,
        recordings: 4,
        dueAtOnce: 2,
        moved: 4,
        finished: true,
        approvedById: null,
      },
    });
    expect(
      await previewRetentionPolicyChange(admin(), { change: "deactivate", policyId: unitPolicy, version: 2 }),
    ).toMatchObject({ recordings: 4, later: amount(4), dueAtOnce: amount(0) });
    expect(
      await previewRetentionPolicyChange(admin(), { change: "create", terms: policyTerms(10, { match: { unitId } }) }),
    ).toMatchObject({ recordings: 4, earlier: amount(0) });
    expect(
      await runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) }),
    ).toMatchObject({
      due: 2,
      deleted: 2,
    });
  });

  it("keeps each version with its terms and reason; a change of texts recalculates nothing", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(90, { unitId }, "Versões");
    await changeTerms(unitPolicy, { name: "Outra", source: "Norma 8" });
    expect(await changeTerms(unitPolicy, {})).toEqual({ policyId: unitPolicy, finished: true });
    await endPolicy(unitPolicy);
    const { policy: ended, versions } = await readRetentionPolicy(admin(), { policyId: unitPolicy });
    expect(ended).toMatchObject({ active: false, version: 3, name: "Outra" });
    expect(versions.map(({ version, active, reason, terms }) => [version, active, reason, terms.name])).toEqual([
      [3, false, "Teste", "Outra"],
      [2, true, "Teste", "Outra"],
      [1, true, "Teste", "Versões"],
    ]);
    expect(await database().select().from(retentionMoves).where(eq(retentionMoves.policyId, unitPolicy))).toHaveLength(
      2,
    );
    expect((await eventsAbout(unitPolicy)).map(({ action }) => action)).toEqual([
      "retention_policy.created",
      "retention_policy.updated",
      "retention_policy.deactivated",
    ]);
    const rewritten = database()
      .update(retentionPolicyVersions)
      .set({ reason: "Outro" })
      .where(eq(retentionPolicyVersions.policyId, unitPolicy));
    await expect(rewritten).rejects.toMatchObject({ cause: { code: "42501" } });
  });

  it("refuses a second default, an unknown unit, an old version, an empty reason, and no default", async () => {
    const { unitId } = await unitWithQueue();
    await expect(create(policyTerms(10))).rejects.toMatchObject({ code: "policy_exists" });
    await expect(create(policyTerms(10, { match: { unitId: newId() } }))).rejects.toMatchObject({
      code: "unknown_unit",
    });
    await expect(create(policyTerms(10, { match: { queueId: newId() } }))).rejects.toMatchObject({
      code: "unknown_unit",
    });
    await expect(create(policyTerms(0, { match: { unitId } }))).rejects.toMatchObject({ code: "invalid_input" });
    const { policyId } = await create(policyTerms(10, { match: { unitId } }));
    const terms = policyTerms(11, { match: { unitId } });
    await expect(
      updateRetentionPolicy(admin(), { policyId, version: 1, terms, reason: "", acknowledgedDue: 0 }),
    ).rejects.toMatchObject({ code: "invalid_input" });
    await updateRetentionPolicy(admin(), { policyId, version: 1, terms, reason: "Teste", acknowledgedDue: 0 });
    await expect(
      updateRetentionPolicy(admin(), {
        policyId,
        version: 1,
        terms: policyTerms(12, { match: { unitId } }),
        reason: "Teste",
        acknowledgedDue: 0,
      }),
    ).rejects.toMatchObject({ code: "conflict" });
    await expect(endPolicy(defaultId)).rejects.toMatchObject({ code: "default_policy_stays" });
    const scopes = await listRetentionScopes(admin(), {});
    expect(scopes).toMatchObject({ hasDefault: true, callKinds: ["order", "sale"] });
    expect(scopes.units.find(({ id }) => id === unitId)).toMatchObject({ queues: [{ code: "fila-1" }] });
  });

  it("continues a large change in the next run; until then nothing in its scope is deleted", async () => {
    const { unitId } = await unitWithQueue();
    const unitPolicy = await policy(90, { unitId }, "Grande");
    const calls = await Promise.all(
      Array.from({ length: 7 }, () => storedRecording({ unitId, startedAt: daysAgo(200) })),
    );
    const outside = await storedRecording({ ...place, startedAt: daysAgo(200) });
    await setDays(unitPolicy, 365);
    // The state after a change too large for one transaction: a longer period, and two recalculated recordings.
    await database()
      .update(recordings)
      .set({ retainUntil: until(daysAgo(200), 90), retentionPolicyVersion: 1 })
      .where(eq(recordings.unitId, unitId));
    const open = { recalculatedThrough: "00000000-0000-0000-0000-000000000000", finishedAt: null };
    const [move] = await database()
      .update(retentionMoves)
      .set(open)
      .where(sql`${retentionMoves.policyId} = ${unitPolicy} and ${retentionMoves.version} = 2`)
      .returning();
    const first = await database().transaction(async (tx) => {
      await lockPoliciesForChange(tx);
      return recalculateBatch(tx, move!, 2);
    });
    expect(first).toEqual({ moved: 2, finished: false });
    expect((await listRetentionPolicies(admin(), {})).find(({ id }) => id === unitPolicy)!.moving).toBe(true);

    expect(await previewRetention(job(), {})).toMatchObject({
      recordings: [{ recordingId: outside.id }],
      waitingForChange: 5,
    });
    const { runId } = await startRetentionRun(job(), {});
    expect(await markDueRecordings(job(), { runId, limit: 100 })).toEqual({ recordingIds: [outside.id] });

    const result = await runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });

    expect(result).toMatchObject({ marked: 0, deleted: 1, remaining: 0 });
    expect((await row(outside.id)).state).toBe("deleted");
    for (const { id } of calls)
      expect(await dates(id)).toEqual({ policyId: unitPolicy, version: 2, until: until(daysAgo(200), 365) });
    expect((await eventsAbout(unitPolicy, "retention_policy.recalculated")).map(({ details }) => details)).toEqual([
      { version: 2, moved: 5, finished: true },
    ]);
  });

  it("gives the new date to a recording that is completed during a change", async () => {
    const { unitId } = await unitWithQueue();
    const startedAt = daysAgo(10);
    const work = Array.from({ length: 20 }, (_, index) =>
      index === 10 ? policy(400, { unitId }, "Corrida") : storedRecording({ unitId, startedAt }),
    );
    const done = await Promise.all(work);
    const unitPolicy = done[10] as string;
    const rows = await database()
      .select({ policyId: recordings.retentionPolicyId, until: recordings.retainUntil })
      .from(recordings)
      .where(eq(recordings.unitId, unitId));
    expect(rows).toHaveLength(19);
    for (const found of rows) expect(found).toEqual({ policyId: unitPolicy, until: until(startedAt, 400) });
  });
});
