import { beforeAll, describe, expect, it } from "vitest";
import { principals, type Principal } from "@/lib/auth/actor";
import { permissions } from "@/lib/auth/permissions";
import { database } from "@/lib/db/client";
import { legalHoldRecordings, legalHolds, retentionRuns } from "@/lib/db/schema";
import { newId } from "@/lib/new-id";
import type { Operation } from "@/lib/operation";
import { applyRetentionPresets, previewRetentionPresets } from "@/lib/retention/apply-retention-presets";
import { reportTrigger } from "@/lib/retention/report-trigger";
import { confirmDeletions } from "@/lib/retention/confirm-deletions";
import { createRetentionPolicy } from "@/lib/retention/create-retention-policy";
import { decidePolicyFloor } from "@/lib/retention/decide-policy-floor";
import { withdrawPolicyFloor } from "@/lib/retention/withdraw-policy-floor";
import { deactivateRetentionPolicy } from "@/lib/retention/deactivate-retention-policy";
import { finishRetentionRun } from "@/lib/retention/finish-retention-run";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { listFailedDeletions } from "@/lib/retention/list-failed-deletions";
import { listPendingDeletions } from "@/lib/retention/list-pending-deletions";
import { listRetentionPolicies } from "@/lib/retention/list-retention-policies";
import { listRetentionRuns } from "@/lib/retention/list-retention-runs";
import { listRunFailures } from "@/lib/retention/list-run-failures";
import { listRunRecordings } from "@/lib/retention/list-run-recordings";
import { readRetentionRun } from "@/lib/retention/read-retention-run";
import { listRetentionScopes } from "@/lib/retention/list-retention-scopes";
import { markDueRecordings } from "@/lib/retention/mark-due-recordings";
import { previewRetention } from "@/lib/retention/preview-retention";
import { previewRetentionPolicyChange } from "@/lib/retention/preview-retention-policy-change";
import { readRetentionPolicy } from "@/lib/retention/read-retention-policy";
import { recalculateRetention } from "@/lib/retention/recalculate-retention";
import { recordDeletionFailures } from "@/lib/retention/record-deletion-failures";
import { readRetentionHealth, retentionHealth } from "@/lib/retention/retention-health";
import { startRetentionRun } from "@/lib/retention/start-retention-run";
import { updateRetentionPolicy } from "@/lib/retention/update-retention-policy";
import { person, someone } from "../users/people";
import { admin, daysAgo, job, localMidnight, policy, storedRecording, unitWithQueue } from "./recordings";

type Anything = Operation<unknown, unknown>;

/** Who may do what, said once more and apart from the table. */
const expected: Record<string, { operations: unknown[]; may: readonly Principal[] }> = {
  "change policies": { operations: [createRetentionPolicy, updateRetentionPolicy, deactivateRetentionPolicy, withdrawPolicyFloor, listRetentionScopes], may: ["admin"] },
  "be the second person for a shorter minimum": { operations: [decidePolicyFloor], may: ["admin", "dpo"] },
  "choose presets": { operations: [previewRetentionPresets, applyRetentionPresets], may: ["admin"] },
  "report what retention counts from": { operations: [reportTrigger], may: ["service", "admin", "dpo"] },
  "see policies and runs": { operations: [listRetentionPolicies, readRetentionPolicy, listRetentionRuns, readRetentionRun, listRunRecordings, listRunFailures, listFailedDeletions, readRetentionHealth], may: ["admin", "dpo", "auditor"] },
  "see what would go": { operations: [previewRetention, previewRetentionPolicyChange, forecastRetention], may: ["admin", "dpo", "auditor", "job"] },
  "run": { operations: [startRetentionRun, finishRetentionRun, recalculateRetention], may: ["job"] },
  "delete": { operations: [markDueRecordings, listPendingDeletions, confirmDeletions, recordDeletionFailures], may: ["job"] },
};

describe.each(Object.entries(expected))("%s", (_, { operations, may }) => {
  it.each(principals)("as %s", async (principal) => {
    const context = await someone(principal);
    for (const operation of operations as Anything[]) {
      expect(permissions[operation.operation.permission]).toEqual(may);
      const code = await operation(context, "nothing that any of them takes").then(() => "done", (error: { code?: string }) => error.code);
      expect(code).toBe(may.includes(principal) ? "invalid_input" : principal === "anonymous" ? "unauthenticated" : "forbidden");
    }
  });
});

describe("views", () => {
  let place: Awaited<ReturnType<typeof unitWithQueue>>;
  beforeAll(async () => {
    await policy(90);
    place = await unitWithQueue();
    await policy(60, { queueId: place.queueId }, "Fila");
  });

  it("previewRetention pages through what is due, oldest date first, and says by which policy", async () => {
    const due = await Promise.all([200, 150, 120, 100, 95].map((days) => storedRecording({ unitId: place.unitId, startedAt: daysAgo(days) })));
    const byQueue = await storedRecording({ ...place, startedAt: daysAgo(70) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(70) });
    const found: string[] = [];
    let cursor: { retainUntil: Date; recordingId: string } | null | undefined;
    do {
      const page = await previewRetention(job(), { limit: 2, cursor: cursor ?? undefined });
      found.push(...page.recordings.map(({ recordingId }) => recordingId));
      expect(page.totals.map(({ name, recordings }) => ({ name, recordings }))).toEqual([{ name: "Fila", recordings: 1 }, { name: "Padrão", recordings: 5 }]);
      cursor = page.nextCursor;
    } while (cursor);
    const ids = due.map(({ id }) => id);
    expect(found).toEqual([...ids.slice(0, 4), byQueue.id, ids[4]]);
    const [first] = (await previewRetention(job(), { limit: 1 })).recordings;
    expect(first).toMatchObject({ queue: null, startedAt: daysAgo(200), retainUntil: localMidnight(-200 + 91), policy: { name: "Padrão", version: 1 } });
  });

  it("forecastRetention counts what is due now and on each coming local day", async () => {
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(90) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(89) });
    await storedRecording({ unitId: place.unitId, startedAt: daysAgo(89) });
    const { dueNow, days } = await forecastRetention(admin(), { days: 30 });
    expect(dueNow.recordings).toBe(6);
    expect(days).toHaveLength(30);
    expect(days.filter(({ recordings }) => recordings > 0)).toEqual([
      { day: localMidnight(1), recordings: 1, sizeBytes: 64 },
      { day: localMidnight(2), recordings: 2, sizeBytes: 128 },
      { day: localMidnight(21), recordings: 1, sizeBytes: 64 },
    ]);
    const { userId } = await person("dpo");
    const held = await storedRecording({ unitId: place.unitId, startedAt: daysAgo(88) });
    const holdId = newId();
    await database().insert(legalHolds).values({ id: holdId, matter: "Processo 0001", reason: "Ação em curso", ownerId: userId, placedById: userId, reviewOn: "2099-01-31" });
    await database().insert(legalHoldRecordings).values({ holdId, recordingId: held.id });
    expect(await forecastRetention(admin(), { days: 30 })).toMatchObject({ dueNow, days, held: 1 });
  });

  it("listRetentionRuns pages by key, and the alarm rings after 26 hours without a run that did its work", async () => {
    expect(await retentionHealth(database())).toEqual({ overdue: true, lastRunAt: null });
    const now = Date.now();
    const at = (hours: number) => new Date(now - hours * 3_600_000);
    const runs = Array.from({ length: 7 }, (_, index) => ({ id: newId(), startedAt: at(30 + index), finishedAt: at(25 + index), progressAt: at(25), state: "finished" as const, held: index }));
    await database().insert(retentionRuns).values(runs);
    await database().insert(retentionRuns).values({ id: newId(), startedAt: at(1), finishedAt: at(1), progressAt: at(1), state: "failed" });
    expect(await retentionHealth(database(), new Date(now))).toEqual({ overdue: false, lastRunAt: at(25) });
    expect((await retentionHealth(database(), new Date(now + 2 * 3_600_000))).overdue).toBe(true);
    const first = await listRetentionRuns(admin(), { limit: 5 });
    const second = await listRetentionRuns(admin(), { limit: 5, cursor: first.nextCursor! });
    expect(first.runs).toHaveLength(5);
    expect(first.runs.map(({ held }) => held)).toEqual([0, 0, 1, 2, 3]);
    expect(second.runs.map(({ id }) => id)).toEqual(runs.slice(4).map(({ id }) => id));
    expect(second.nextCursor).toBeNull();
  });
});
