import { readFile, utimes, writeFile } from "node:fs/promises";
import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import type { DiscrepancyKind } from "@/lib/store-scan/found-discrepancy";
import { readScanStatus } from "@/lib/store-scan/read-scan-status";
import { readHealth } from "@/lib/overview/read-health";
import { newId } from "@/lib/core/new-id";
import { configuredStore } from "@/lib/storage/configured-store";
import { fileOf, job, policy, row, unitWithQueue } from "../../support/recordings";
import { scanEvents, findingAbout, inCustody, keyOf, latestRun, look, openFindings, type About } from "./custody";

let place: Awaited<ReturnType<typeof unitWithQueue>>;

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});

const day = 86_400_000;
const store = () => configuredStore();
const replace = (key: string, bytes: Buffer) =>
  store().put(key, bytes, { contentType: "audio/wav", ifNoneMatch: null });
const change = (id: string, columns: Partial<typeof recordings.$inferInsert>) =>
  database().update(recordings).set(columns).where(eq(recordings.id, id));
const ticket = (recordingId: string, columns: Partial<typeof uploadTickets.$inferInsert>) => {
  const id = newId();
  return database()
    .insert(uploadTickets)
    .values({ id, recordingId, objectKey: keyOf(id), expiresAt: new Date(Date.now() - 2 * day), ...columns });
};

/** Each discrepancy: how it is made, what the scan reports, and what corrects it. */
type Sabotage = { kind: DiscrepancyKind; facts: Record<string, unknown>; about: About; undo: () => Promise<unknown> };
type Case = (id: string) => Promise<Sabotage>;

const cases: Record<string, Case> = {
  "audio of which no row knows": async () => {
    const objectKey = keyOf(newId());
    await replace(objectKey, Buffer.alloc(10));
    return {
      kind: "object_without_recording",
      facts: { store: "disk", place: "recordings", sizeBytes: 10, ofRecording: null },
      about: { objectKey },
      undo: () => store().deleteAllVersions(objectKey),
    };
  },
  "audio that came late to the keys of an upload that was swept": async (id) => {
    const [own, promotedKey] = [keyOf(newId()), keyOf(newId())];
    await ticket(id, { objectKey: own, promotedKey, closedAt: new Date(), outcome: "swept" });
    await replace(promotedKey, Buffer.alloc(10));
    return {
      kind: "object_without_recording",
      facts: { store: "disk", place: "recordings", sizeBytes: 10, ofRecording: id },
      about: { objectKey: promotedKey },
      undo: () => store().deleteAllVersions(promotedKey),
    };
  },
  "something that is none of the portal's": async () => {
    await replace("backup.wav", Buffer.alloc(10));
    return {
      kind: "object_without_recording",
      facts: { store: "disk", place: "other", sizeBytes: 10, ofRecording: null },
      about: { objectKey: "backup.wav" },
      undo: () => store().deleteAllVersions("backup.wav"),
    };
  },
  "audio under the key of a recording that was deleted": async (id) => {
    const [deleted, objectKey] = [newId(), keyOf(newId())];
    const { retentionPolicyId, retainUntil, uploadedById } = await row(id);
    await database()
      .insert(recordings)
      .values({
        ...{
          id: deleted,
          state: "deleted",
          source: "central",
          sourceCallId: `deleted:${deleted}`,
          sourceRecordingId: `deleted:${deleted}`,
          uploadedByType: "service",
          uploadedById,
          unitId: place.unitId,
        },
        ...{
          direction: "inbound",
          startedAt: new Date(),
          contentType: "audio/wav",
          deletedAt: new Date(),
          retentionPolicyId,
          retainUntil,
        },
      });
    await ticket(deleted, { objectKey, closedAt: new Date(), outcome: "completed" });
    await replace(objectKey, Buffer.alloc(10));
    return {
      kind: "object_without_recording",
      facts: { store: "disk", place: "recordings", sizeBytes: 10, ofRecording: deleted },
      about: { objectKey },
      undo: () => store().deleteAllVersions(objectKey),
    };
  },
  "an object that is gone": async (id) => {
    const kept = await readFile(fileOf(keyOf(id)));
    await store().deleteAllVersions(keyOf(id));
    return {
      kind: "object_missing",
      facts: {},
      about: { recordingId: id },
      undo: () => writeFile(fileOf(keyOf(id)), kept),
    };
  },
  "an object of another size": async (id) => {
    const kept = await readFile(fileOf(keyOf(id)));
    await replace(keyOf(id), Buffer.alloc(7));
    return {
      kind: "content_changed",
      facts: { change: "size", expectedBytes: 64, foundBytes: 7 },
      about: { recordingId: id },
      undo: () => writeFile(fileOf(keyOf(id)), kept),
    };
  },
  "an object of the same size with another content": async (id) => {
    const kept = await readFile(fileOf(keyOf(id)));
    await replace(keyOf(id), Buffer.alloc(64));
    return {
      kind: "content_changed",
      facts: { change: "sha256" },
      about: { recordingId: id },
      undo: () => writeFile(fileOf(keyOf(id)), kept),
    };
  },
  "an object with another ETag": async (id) => {
    const { objectEtag } = await row(id);
    await change(id, { objectEtag: "another" });
    return {
      kind: "content_changed",
      facts: { change: "etag" },
      about: { recordingId: id },
      undo: () => change(id, { objectEtag }),
    };
  },
  "an object of which one bit was changed": async (id) => {
    const kept = await readFile(fileOf(keyOf(id)));
    const altered = Buffer.from(kept);
    altered[100]! ^= 1;
    await writeFile(fileOf(keyOf(id)), altered);
    return {
      kind: "content_changed",
      facts: { change: "integrity" },
      about: { recordingId: id },
      undo: () => writeFile(fileOf(keyOf(id)), kept),
    };
  },
  "another key of encryption": async (id) => {
    const { encryption } = await row(id);
    await change(id, { encryption: { ...encryption!, keyId: "older" } });
    const facts = {
      expectedAlgorithm: "custodia:aes256-gcm",
      expectedKeyId: "older",
      foundAlgorithm: "custodia:aes256-gcm",
      foundKeyId: encryption!.keyId,
    };
    return { kind: "encryption_changed", facts, about: { recordingId: id }, undo: () => change(id, { encryption }) };
  },
  "no sound": async (id) => {
    await change(id, { durationMs: 0 });
    return {
      kind: "empty_audio",
      facts: { sizeBytes: 64 },
      about: { recordingId: id },
      undo: () => change(id, { durationMs: 1000 }),
    };
  },
  "an upload that was never completed": async (id) => {
    await ticket(id, {});
    return {
      kind: "ticket_never_completed",
      facts: { tickets: 1, open: 1 },
      about: { recordingId: id },
      undo: () =>
        database()
          .update(uploadTickets)
          .set({ closedAt: new Date(), outcome: "swept" })
          .where(eq(uploadTickets.recordingId, id)),
    };
  },
  "a key that was never swept": async (id) => {
    await ticket(id, { closedAt: new Date(), outcome: "superseded" });
    return {
      kind: "ticket_never_completed",
      facts: { tickets: 1, open: 0 },
      about: { recordingId: id },
      undo: () => database().update(uploadTickets).set({ outcome: "swept" }).where(eq(uploadTickets.recordingId, id)),
    };
  },
  "a date that passed two days ago": async (id) => {
    const { retainUntil } = await row(id);
    const past = new Date(Date.now() - 2 * day);
    await change(id, { retainUntil: past, storedAt: new Date(Date.now() - 9 * day) });
    return {
      kind: "past_retention",
      facts: { state: "stored", retainUntil: past.toISOString() },
      about: { recordingId: id },
      undo: () => change(id, { retainUntil }),
    };
  },
  "a deletion that has not ended for two days": async (id) => {
    await change(id, {
      state: "deleting",
      deletingAt: new Date(Date.now() - 2 * day),
      deletionFailedStore: "disk",
      deletionFailureCode: "forbidden",
    });
    return {
      kind: "past_retention",
      facts: { state: "deleting", store: "disk", code: "forbidden" },
      about: { recordingId: id },
      undo: () => change(id, { state: "stored", deletingAt: null }),
    };
  },
};

it("finds nothing where nothing has changed, and records when it ran", async () => {
  const ids = await inCustody(3, place);
  expect(await look()).toMatchObject({
    state: "finished",
    phase: "resolve",
    reason: null,
    objectsSeen: 3,
    recordingsSeen: 3,
    unchecked: 0,
    found: 0,
    resolved: 0,
  });
  for (const id of ids)
    expect((await row(id)).verifiedAt!.getTime()).toBeGreaterThanOrEqual((await latestRun()).startedAt.getTime());
  const { id } = await latestRun();
  expect(await scanEvents(id)).toMatchObject([
    { action: "store_scan.started" },
    { action: "store_scan.finished", outcome: "success", details: { objectsSeen: 3, recordingsSeen: 3, found: 0 } },
  ]);
  expect(await look({ begin: false })).toEqual({ runId: null, state: "not_due" });
});

it.each(Object.entries(cases))("finds %s, once, and resolves it when it is corrected", async (_, sabotage) => {
  const [id] = (await inCustody(1, place)) as [string];
  const { kind, facts, about, undo } = await sabotage(id);
  expect(await look()).toMatchObject({ state: "finished", found: 1, unchecked: 0 });
  expect(await openFindings()).toEqual([{ kind, facts }]);
  const { id: findingId, createdAt } = await findingAbout(about);
  const target = about.recordingId ?? findingId;
  expect(await scanEvents(target)).toMatchObject([
    {
      action: "store_scan.discrepancy_found",
      outcome: "failure",
      details: { kind, ...Object.fromEntries(Object.entries(facts).filter(([name]) => !name.endsWith("KeyId"))) },
    },
  ]);
  expect(Object.keys((await scanEvents(target))[0]!.details).filter((name) => name.endsWith("KeyId"))).toEqual([]);
  expect(await look()).toMatchObject({ state: "finished", found: 0, resolved: 0 });
  expect(await findingAbout(about)).toMatchObject({ id: findingId, createdAt, resolvedAt: null });

  await undo();
  expect(await look()).toMatchObject({ state: "finished", found: 0, resolved: 1 });
  expect(await findingAbout(about)).toMatchObject({ id: findingId, resolution: "no_longer_true", resolvedById: null });
  expect((await scanEvents(target)).map(({ action }) => action)).toEqual([
    "store_scan.discrepancy_found",
    "store_scan.discrepancy_resolved",
  ]);
});

it("raises an alarm while a severe discrepancy is unacknowledged", async () => {
  const isAlarm = async () => JSON.stringify(await readHealth()).includes("discrepancy_found");
  const [id] = (await inCustody(1, place)) as [string];
  expect(await isAlarm()).toBe(false);
  const quiet = await cases["no sound"]!(id);
  await look();
  expect(await isAlarm()).toBe(false);
  await quiet.undo();
  await look();
  const severe = await cases["an object that is gone"]!(id);
  await look();
  expect(await isAlarm()).toBe(true);
  expect((await readScanStatus(job(), {})).open).toEqual([
    { kind: "object_missing", open: 1, acknowledged: 0, isSevere: true },
  ]);
  await severe.undo();
  await look();
  expect(await isAlarm()).toBe(false);
});

it("does not report a running upload as an object without a recording", async () => {
  const objectKey = keyOf(newId());
  await replace(objectKey, Buffer.alloc(10));
  expect(await look({ minimumAgeMs: undefined })).toMatchObject({ found: 0 });
  const old = new Date(Date.now() - 26 * 3_600_000);
  await utimes(fileOf(objectKey), old, old);
  expect(await look({ minimumAgeMs: undefined })).toMatchObject({ found: 1 });
  await store().deleteAllVersions(objectKey);
  await look();
  const [id] = (await inCustody(1, place)) as [string];
  const waiting = keyOf(newId());
  await replace(waiting, Buffer.alloc(10));
  await ticket(id, { objectKey: waiting, expiresAt: new Date(Date.now() + day) });
  expect(await look()).toMatchObject({ found: 0 });
});
