import { mkdir, rm } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, retentionRuns, units } from "@/lib/db/schema";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { newId } from "@/lib/core/new-id";
import { listRunFailures } from "@/lib/deletion/runs/list-run-failures";
import { listRunRecordings } from "@/lib/deletion/runs/list-run-recordings";
import { readRetentionRun } from "@/lib/deletion/runs/read-retention-run";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { configuredStores } from "@/lib/storage/configured-store";
import { person, type Person } from "../../support/actors";
import { admin, daysAgo, fileOf, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
const report = (runId: string) => readRetentionRun(admin(), { runId });
const hold = (dpo: Person, recordingIds: string[], matter: string) =>
  placeHold(
    { ...dpo.context, requestId: newId() },
    { matter, reason: "Ação em curso", ownerId: dpo.userId, reviewOn: "2099-01-31", selection: { recordingIds } },
  );

let first: Awaited<ReturnType<typeof unitWithQueue>>;
let second: Awaited<ReturnType<typeof unitWithQueue>>;
let defaultPolicy: string;
let queuePolicy: string;

beforeAll(async () => {
  defaultPolicy = await policy(90);
  [first, second] = [await unitWithQueue(), await unitWithQueue()];
  await database().update(units).set({ name: "Suporte" }).where(eq(units.id, second.unitId));
  queuePolicy = await policy(60, { queueId: second.queueId }, "Fila");
});

describe("the report of a run", () => {
  it("counts due, deleted, held, failed and remaining recordings: in total, by policy and by unit", async () => {
    const call = (place: { unitId: string; queueId?: string }) =>
      storedRecording({ ...place, startedAt: daysAgo(200) });
    const deleted = [
      await call({ unitId: first.unitId }),
      await call({ unitId: second.unitId }),
      await call(second),
      await call(second),
    ];
    const [stuck, heldOnce, heldTwice] = [
      await call(second),
      await call({ unitId: first.unitId }),
      await call({ unitId: first.unitId }),
    ];
    await storedRecording({ unitId: first.unitId, startedAt: daysAgo(1) });
    const dpo = await person("dpo");
    const { holdId: large } = await hold(dpo, [heldOnce.id, heldTwice.id], "Processo 0001");
    const { holdId: small } = await hold(dpo, [heldTwice.id], "Processo 0002");
    const file = fileOf(stuck.keys[0]!);
    await rm(file);
    await mkdir(`${file}/in-the-way`, { recursive: true });

    const counts = { due: 5, marked: 5, deleted: 4, failed: 1, held: 2, remaining: 1, bytesDeleted: 256 };
    const { runId } = await run().then(
      (result) => (expect(result).toMatchObject({ state: "finished", ...counts }), result),
    );

    const found = await report(runId);
    expect(found).toMatchObject({ id: runId, state: "finished", failureCode: null, ...counts });
    const none = { due: 0, deleted: 0, bytesDeleted: 0, failed: 0, held: 0, doubtfulDate: 0, blocked: 0, remaining: 0 };
    expect(found.byPolicy).toEqual([
      { ...none, id: queuePolicy, name: "Fila", due: 3, deleted: 2, bytesDeleted: 128, failed: 1, remaining: 1 },
      { ...none, id: defaultPolicy, name: "Padrão", due: 2, deleted: 2, bytesDeleted: 128, held: 2 },
    ]);
    expect(found.byUnit).toEqual([
      { ...none, id: first.unitId, name: "Cobrança", due: 1, deleted: 1, bytesDeleted: 64, held: 2 },
      { ...none, id: second.unitId, name: "Suporte", due: 4, deleted: 3, bytesDeleted: 192, failed: 1, remaining: 1 },
    ]);
    expect(found.holds).toEqual([
      { id: large, matter: "Processo 0001", releasedAt: null, recordings: 2 },
      { id: small, matter: "Processo 0002", releasedAt: null, recordings: 1 },
    ]);
    const pages = [await listRunRecordings(admin(), { runId, limit: 3 })];
    pages.push(await listRunRecordings(admin(), { runId, limit: 3, cursor: pages[0]!.nextCursor! }));
    expect(pages.map(({ rows }) => rows.length)).toEqual([3, 1]);
    expect(pages[1]!.nextCursor).toBeNull();
    expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id)).sort()).toEqual(deleted.map(({ id }) => id).sort());
    const { retryAt } = { retryAt: (await row(stuck.id)).deletionRetryAt };
    expect(await listRunFailures(admin(), { runId })).toEqual({
      rows: [
        {
          recordingId: stuck.id,
          unit: "Suporte",
          store: "disk",
          code: expect.any(String),
          attempts: 1,
          retryAt,
          state: "deleting",
        },
      ],
      nextCursor: null,
    });

    // A later run that deletes it does not change this run's report.
    await rm(file, { recursive: true });
    await database()
      .update(recordings)
      .set({ deletionRetryAt: sql`now()` })
      .where(eq(recordings.id, stuck.id));
    const later = await run();
    expect(later).toMatchObject({ due: 1, marked: 0, deleted: 1, failed: 0, held: 2, remaining: 0 });
    expect((await listRunRecordings(admin(), { runId: later.runId })).rows).toMatchObject([
      { id: stuck.id, policy: "Fila", sizeBytes: 64 },
    ]);
    expect(await report(runId)).toEqual(found);
    expect((await listRunFailures(admin(), { runId })).rows).toMatchObject([
      { recordingId: stuck.id, attempts: 1, retryAt: null, state: "deleted" },
    ]);
  });

  it("has no breakdown for a run that found nothing", async () => {
    await database().update(recordings).set({ state: "rejected" }).where(eq(recordings.state, "stored"));
    const { runId } = await run();
    expect(await report(runId)).toMatchObject({
      state: "finished",
      due: 0,
      deleted: 0,
      held: 0,
      remaining: 0,
      byPolicy: [],
      byUnit: [],
      holds: [],
    });
  });

  it("counts what a killed run did, and what a running one has done so far", async () => {
    const { id } = await storedRecording({ unitId: first.unitId, startedAt: daysAgo(200) });
    const { runId } = await startRetentionRun(job(), {});
    expect(await report(runId)).toMatchObject({
      state: "running",
      due: 1,
      deleted: 0,
      byUnit: [{ id: first.unitId, due: 1, deleted: 0 }],
    });
    await database()
      .update(retentionRuns)
      .set({ progressAt: new Date(Date.now() - 10 * 60_000) })
      .where(eq(retentionRuns.id, runId));
    expect(await run()).toMatchObject({ due: 1, deleted: 1 });
    expect(await report(runId)).toMatchObject({ state: "interrupted", due: 1, deleted: 0, holds: [] });
    expect((await row(id)).state).toBe("deleted");
  });

  it("names why a run failed", async () => {
    await storedRecording({ unitId: first.unitId, startedAt: daysAgo(200) });
    await expect(runRetention(job(), { stores: [], signal: AbortSignal.timeout(20_000) })).rejects.toThrow();
    const [failed] = await database()
      .select({ id: retentionRuns.id })
      .from(retentionRuns)
      .where(eq(retentionRuns.state, "failed"));
    expect(await report(failed!.id)).toMatchObject({ state: "failed", failureCode: "internal", remaining: 1 });
  });

  it("is not found for an unknown run", async () => {
    await expect(report(newId())).rejects.toMatchObject({ code: "not_found" });
  });
});
