import { cp, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { database } from "@/lib/db/client";
import { recordings, uploadTickets } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { listFailedDeletions } from "@/lib/deletion/list-failed-deletions";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import { existsSync } from "node:fs";
import {
  admin,
  daysAgo,
  eventsAbout,
  isOnDisk,
  job,
  policy,
  row,
  storedRecording,
  storePath,
  unitWithQueue,
} from "../../support/recordings";

const { folder } = vi.hoisted(() => {
  const folder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: folder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return { folder };
});

let place: Awaited<ReturnType<typeof unitWithQueue>>;

const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
const letTimePass = () =>
  database()
    .update(recordings)
    .set({ deletionRetryAt: sql`now()` })
    .where(eq(recordings.state, "deleting"));
const replicate = () => cp(storePath(), folder, { recursive: true });
const isCopied = (keys: string[]) => keys.some((key) => existsSync(objectPath(folder, key)));

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
});

afterAll(() => rm(folder, { recursive: true, force: true }));

it("deletes a recording from the primary store and the copy, with a proof for both", async () => {
  const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(200) });
  await replicate();
  expect(isCopied(keys)).toBe(true);
  expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
  expect([isOnDisk(keys), isCopied(keys)]).toEqual([false, false]);
  const proof = {
    objectKeys: 2,
    versionsDeleted: 2,
    deleteMarkersDeleted: 0,
    unfinishedUploadsAborted: 0,
    provedAbsentAt: expect.any(String),
  };
  expect((await row(id)).deletionProof).toEqual([
    { store: "disk", ...proof },
    { store: "second-site", ...proof },
  ]);
  expect((await eventsAbout(id, "recording.deleted"))[0]!.details).toMatchObject({
    stores: ["disk", "second-site"],
    objectKeys: 2,
    versionsDeleted: 4,
  });
});

it("keeps a recording deleting until its copy is deleted, and names the store that failed", async () => {
  const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(200) });
  await replicate();
  const away = path.join(await mkdtemp(path.join(tmpdir(), "custodia-away-")), "copy");
  await rename(folder, away);
  await mkdir(folder);
  try {
    expect(await run()).toMatchObject({ deleted: 0, failed: 1, remaining: 1 });
    expect(await row(id)).toMatchObject({
      state: "deleting",
      deletionAttempts: 1,
      deletionFailedStore: "second-site",
      deletionProof: [{ store: "disk", versionsDeleted: 2 }],
    });
    expect((await listFailedDeletions(admin(), {})).recordings).toMatchObject([
      { recordingId: id, store: "second-site", code: expect.any(String), attempts: 1 },
    ]);
    expect((await eventsAbout(id, "recording.deletion_failed"))[0]!.details).toMatchObject({
      store: "second-site",
      attempt: 1,
    });
  } finally {
    await rm(folder, { recursive: true });
    await rename(away, folder);
  }
  expect(await run(), "not before its time").toMatchObject({ deleted: 0, remaining: 1 });
  await letTimePass();
  expect(await run()).toMatchObject({ deleted: 1, remaining: 0 });
  expect(isCopied(keys)).toBe(false);
  expect(await row(id)).toMatchObject({
    state: "deleted",
    deletionFailedStore: null,
    deletionFailureCode: null,
    deletionProof: [
      { store: "disk", versionsDeleted: 2 },
      { store: "second-site", versionsDeleted: 2 },
    ],
  });
});

it("deletes an object that was moved to another key as well, under an order and without a run", async () => {
  const { id, keys } = await storedRecording({ ...place, startedAt: daysAgo(10) });
  const other = await storedRecording({ ...place, startedAt: daysAgo(10) });
  const promotedKey = `recordings/${newId()}`;
  await configuredStore().put(promotedKey, Buffer.from("audio"), { contentType: "audio/wav", ifNoneMatch: "*" });
  await database().update(uploadTickets).set({ promotedKey }).where(eq(uploadTickets.objectKey, keys[0]!));
  await replicate();
  const orderId = newId();
  await database().transaction((tx) =>
    markForDeletion(tx, { condition: eq(recordings.id, id), caller: "order", orderId, limit: 10 }),
  );

  const work = { stores: configuredStores(), runId: null, batchSize: 10 };
  expect(await eraseMarked(job(), work, { orderId })).toEqual({ deleted: 1, failed: 0, storeWorks: true });
  expect([isOnDisk([...keys, promotedKey]), isCopied([...keys, promotedKey])]).toEqual([false, false]);
  expect(await row(id)).toMatchObject({ state: "deleted", deletionReason: "deletion_order", deletionOrderId: orderId });
  expect((await eventsAbout(id, "recording.deleted"))[0]!.details).toMatchObject({ reason: "deletion_order", orderId });
  expect((await row(other.id)).state).toBe("stored");
});
