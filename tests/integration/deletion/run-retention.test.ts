import { mkdir, rename, rm } from "node:fs/promises";
import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { playbackGrants, recordings, recordingWaveforms, retentionRuns, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { markDueRecordings } from "@/lib/deletion/runs/mark-due-recordings";
import { areSuppressed } from "@/lib/deletion/suppressed-calls";
import type { SourceIds } from "@/lib/db/recording-ids";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { startRetentionRun } from "@/lib/deletion/runs/start-retention-run";
import { noReferences, referenceColumns } from "@/lib/recordings/references/call-references";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import type { ObjectStore } from "@/lib/storage/object-store";
import { person } from "../../support/actors";
import {
  daysAgo,
  eventCounts,
  eventsAbout,
  fileOf,
  isOnDisk,
  job,
  localMidnight,
  policy,
  row,
  storedRecording,
  storePath,
  unitWithQueue,
} from "../../support/recordings";

let place: Awaited<ReturnType<typeof unitWithQueue>>;

const run = (options: { signal?: AbortSignal; batchSize?: number } = {}) =>
  runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000), ...options });

/** The waiting time of failed deletions is over. */
const letTimePass = () =>
  database()
    .update(recordings)
    .set({ deletionRetryAt: sql`now()` })
    .where(eq(recordings.state, "deleting"));

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});

describe("what is deleted and when", () => {
  it("deletes what is due in the controller's zone: not an instant too early, not one too late", async () => {
    const boundary = localMidnight(-90).getTime();
    const due = await storedRecording({ ...place, startedAt: new Date(boundary - 1) });
    const kept = await storedRecording({ ...place, startedAt: new Date(boundary) });
    const result = await run();
    expect(result).toMatchObject({ state: "finished", due: 1, marked: 1, deleted: 1, failed: 0, remaining: 0 });
    expect((await row(due.id)).state).toBe("deleted");
    expect((await row(kept.id)).state).toBe("stored");
    expect(isOnDisk(kept.keys)).toBe(true);
    expect(await eventsAbout(kept.id)).toEqual([]);
  });

  it("leaves nothing on disk and nothing personal in the row, and reports what it did", async () => {
    const listener = await person("supervisor", { unitIds: [place.unitId] });
    const gone = await storedRecording({ ...place, startedAt: daysAgo(200) });
    const personal = { protocol: "0012", customerReference: "contrato 7", customerTaxId: "529.982.247-25" };
    await database().update(recordings).set(referenceColumns(personal)).where(eq(recordings.id, gone.id));
    const before = await row(gone.id);
    expect(before.taxIdIndex).not.toBeNull();
    const grant = {
      id: newId(),
      kind: "play" as const,
      recordingId: gone.id,
      userId: listener.userId,
      sessionId: listener.actor.sessionId,
      purpose: "training" as const,
      reference: "OS-1",
    };
    await database()
      .insert(playbackGrants)
      .values({ ...grant, delivery: "gateway", expiresAt: new Date(Date.now() + 60_000), sizeBytes: 64 });
    expect(isOnDisk(gone.keys)).toBe(true);

    const { runId } = await run();

    expect(isOnDisk(gone.keys)).toBe(false);
    for (const key of gone.keys) expect((await configuredStore().proveAbsence(key)).absent).toBe(true);
    const after = await row(gone.id);
    const emptied = [
      "agentId",
      "customerNumberEncrypted",
      "customerNumberIndex",
      "customerNumberTailIndex",
      ...Object.keys(noReferences),
      "objectKey",
      "objectVersionId",
      "objectEtag",
      "encryption",
      "deletionRetryAt",
    ];
    for (const column of emptied) expect(after[column as keyof typeof after], column).toBeNull();
    expect(after).toMatchObject({
      state: "deleted",
      deletionReason: "retention_expired",
      startedAt: before.startedAt,
      unitId: place.unitId,
      retainUntil: before.retainUntil,
    });
    expect(after.sourceCallId).toMatch(/^deleted:[0-9a-f]{64}$/);
    expect(
      await database().select().from(recordingWaveforms).where(eq(recordingWaveforms.recordingId, gone.id)),
    ).toEqual([]);
    const [revoked] = await database().select().from(playbackGrants).where(eq(playbackGrants.id, grant.id));
    expect(revoked!.revokedAt).not.toBeNull();

    const events = await eventsAbout(gone.id);
    expect(events.map(({ action, outcome, actorType, unitId }) => ({ action, outcome, actorType, unitId }))).toEqual([
      { action: "recording.marked_for_deletion", outcome: "success", actorType: "job", unitId: place.unitId },
      { action: "recording.deleted", outcome: "success", actorType: "job", unitId: place.unitId },
    ]);
    expect(events[0]!.details).toEqual({
      reason: "retention_expired",
      policyId: before.retentionPolicyId,
      retainUntil: before.retainUntil!.toISOString(),
      runId,
    });
    expect(events[1]!.details).toMatchObject({
      reason: "retention_expired",
      sha256: before.sha256!.toString("hex"),
      stores: ["disk"],
      objectKeys: 2,
      versionsDeleted: 2,
    });
  });

  it("refuses the same recording again, by its id or its content, and accepts another one of the call", async () => {
    const gone = await storedRecording({ ...place, startedAt: daysAgo(200) });
    const { source, sourceCallId, sourceRecordingId, sha256 } = await row(gone.id);
    await run();
    const ids = { source, sourceCallId, sourceRecordingId };
    const ask = async (asked: Partial<SourceIds>, content: Buffer | null) =>
      (await database().transaction((tx) => areSuppressed(tx, [{ ...ids, ...asked, sha256: content }])))[0];
    expect(await ask({}, null)).toBe(true);
    expect(await ask({ sourceRecordingId: "leg-2" }, sha256)).toBe(true);
    expect(await ask({ sourceRecordingId: "leg-2" }, Buffer.alloc(32))).toBe(false);
    expect(await ask({ sourceCallId: `${sourceCallId}0` }, sha256)).toBe(false);
  });

  it("waits for the end of an upload link that could bring the object back", async () => {
    const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(200) });
    await database()
      .update(uploadTickets)
      .set({ expiresAt: new Date(Date.now() + 60_000) })
      .where(eq(uploadTickets.recordingId, id));
    expect(await run()).toMatchObject({ marked: 1, deleted: 0, remaining: 1 });
    expect(isOnDisk(keys)).toBe(true);
    await database()
      .update(uploadTickets)
      .set({ expiresAt: new Date(Date.now() - 2 * 60 * 60 * 1000) })
      .where(eq(uploadTickets.recordingId, id));
    expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
  });

  it("stops at its time limit, and the next run continues", async () => {
    const { id } = await storedRecording({ ...place, startedAt: daysAgo(200) });
    expect(await run({ signal: AbortSignal.abort() })).toMatchObject({
      state: "out_of_time",
      deleted: 0,
      remaining: 1,
    });
    expect((await row(id)).state).toBe("stored");
    expect(await run()).toMatchObject({ state: "finished", due: 1, deleted: 1, remaining: 0 });
  });
});

describe("a store that fails", () => {
  it("is retried later with back-off, and the other deletions go on", async () => {
    const [stuck, other] = [
      await storedRecording({ ...place, startedAt: daysAgo(200) }),
      await storedRecording({ ...place, startedAt: daysAgo(200) }),
    ];
    // A folder in place of the file, which the operating system refuses to unlink.
    const file = fileOf(stuck.keys[0]!);
    await rm(file);
    await mkdir(`${file}/in-the-way`, { recursive: true });

    expect(await run()).toMatchObject({ state: "finished", marked: 2, deleted: 1, failed: 1, remaining: 1 });
    expect((await row(other.id)).state).toBe("deleted");
    const first = await row(stuck.id);
    expect(first).toMatchObject({
      state: "deleting",
      deletionAttempts: 1,
      customerNumberEncrypted: expect.any(Buffer),
    });
    expect(first.deletionRetryAt!.getTime() - Date.now()).toBeGreaterThan(50_000);

    expect(await run(), "not before its time").toMatchObject({ due: 1, deleted: 0, failed: 0, remaining: 1 });
    await letTimePass();
    expect(await run()).toMatchObject({ deleted: 0, failed: 1, remaining: 1 });
    const second = await row(stuck.id);
    expect(second.deletionAttempts).toBe(2);
    expect(second.deletionRetryAt!.getTime() - Date.now()).toBeGreaterThan(110_000);

    await rm(file, { recursive: true });
    await letTimePass();
    expect(await run()).toMatchObject({ deleted: 1, failed: 0, remaining: 0 });
    expect((await eventsAbout(stuck.id)).map(({ action }) => action)).toEqual([
      "recording.marked_for_deletion",
      "recording.deletion_failed",
      "recording.deletion_failed",
      "recording.deleted",
    ]);
  });

  it("is not believed when it claims a deletion that it did not do", async () => {
    const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(200) });
    const store = configuredStore();
    const nothing = async () => ({ versionsDeleted: 1, deleteMarkersDeleted: 0, unfinishedUploadsAborted: 0 });
    const lying = Object.assign(Object.create(store) as ObjectStore, {
      deleteAllVersions: nothing,
      proveAbsence: store.proveAbsence.bind(store),
    });
    expect(await runRetention(job(), { stores: [lying], signal: AbortSignal.timeout(20_000) })).toMatchObject({
      deleted: 0,
      failed: 1,
      remaining: 1,
    });
    expect(await row(id)).toMatchObject({ state: "deleting", objectKey: keys[0] });
    expect((await eventsAbout(id, "recording.deletion_failed"))[0]!.details).toMatchObject({
      store: "disk",
      code: "integrity",
      attempt: 1,
    });
    await letTimePass();
    expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
  });

  it("leaves every recording as it was while it is unavailable", async () => {
    const all = await Promise.all(
      Array.from({ length: 50 }, () => storedRecording({ ...place, startedAt: daysAgo(200) })),
    );
    const folder = storePath();
    await rename(folder, `${folder}-away`);
    await mkdir(folder);
    try {
      expect(await run({ batchSize: 25 })).toMatchObject({
        state: "failed",
        marked: 0,
        deleted: 0,
        failed: 0,
        remaining: 50,
      });
    } finally {
      await rm(folder, { recursive: true });
      await rename(`${folder}-away`, folder);
    }
    expect(
      await database()
        .select({ code: retentionRuns.failureCode })
        .from(retentionRuns)
        .where(eq(retentionRuns.state, "failed")),
    ).toEqual([{ code: "store_failed" }]);
    await letTimePass();
    expect(await run({ batchSize: 25 })).toMatchObject({ state: "finished", deleted: 50, remaining: 0 });
    expect(all.some(({ keys }) => isOnDisk(keys))).toBe(false);
  });
});

describe("two runs at once", () => {
  it("delete each recording exactly once", async () => {
    const before = await eventCounts();
    await Promise.all(Array.from({ length: 120 }, () => storedRecording({ ...place, startedAt: daysAgo(200) })));
    const results = await Promise.all([run({ batchSize: 7 }), run({ batchSize: 11 }), run({ batchSize: 5 })]);
    const after = await eventCounts();
    expect(after).toEqual({ marked: before.marked + 120, deleted: before.deleted + 120, mostPerRecording: 1 });
    expect(results.reduce((sum, { marked }) => sum + marked, 0)).toBe(120);
    expect(results.reduce((sum, { deleted }) => sum + deleted, 0)).toBe(120);
    expect(results.reduce((sum, { failed }) => sum + failed, 0)).toBe(0);
  });

  it("leave out a recording that another transaction has locked", async () => {
    const { id } = await storedRecording({ ...place, startedAt: daysAgo(200) });
    const { runId } = await startRetentionRun(job(), {});
    await database().transaction(async (tx) => {
      await tx.select({ id: recordings.id }).from(recordings).where(eq(recordings.id, id)).for("update");
      expect(await markDueRecordings(job(), { runId, limit: 10 })).toEqual({ recordingIds: [] });
    });
    expect((await markDueRecordings(job(), { runId, limit: 10 })).recordingIds).toEqual([id]);
    expect(await run()).toMatchObject({ deleted: 1 });
  });
});

describe("the runs themselves", () => {
  it("close a run that died as interrupted, and leave a running one alone", async () => {
    const [dead, living] = [newId(), newId()];
    const began = new Date(Date.now() - 10 * 60_000);
    await database()
      .insert(retentionRuns)
      .values([
        { id: dead, startedAt: began, progressAt: began, state: "running", marked: 3 },
        { id: living, startedAt: began, progressAt: new Date(), state: "running" },
      ]);
    await run();
    const states = await database().select({ id: retentionRuns.id, state: retentionRuns.state }).from(retentionRuns);
    expect(states.find(({ id }) => id === dead)!.state).toBe("interrupted");
    expect(states.find(({ id }) => id === living)!.state).toBe("running");
    expect((await eventsAbout(dead)).map(({ action, details }) => ({ action, details }))).toEqual([
      { action: "retention_run.interrupted", details: { marked: 3, deleted: 0, failed: 0 } },
    ]);
  });

  it("write one event at the start and one at the end, with counts", async () => {
    const { runId, durationMs } = await run();
    const [started, finished] = await eventsAbout(runId);
    expect(started).toMatchObject({ action: "retention_run.started", details: { due: 0 } });
    expect(finished).toMatchObject({
      action: "retention_run.finished",
      details: {
        state: "finished",
        due: 0,
        marked: 0,
        deleted: 0,
        failed: 0,
        held: 0,
        bytesDeleted: 0,
        remaining: 0,
        durationMs,
      },
    });
  });
});
