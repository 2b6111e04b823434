import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { processWide } from "@/lib/core/process-wide";
import { database } from "@/lib/db/client";
import { dataKeys, deletionOrders, jobs, storeScanFindings, recordings, uploadTickets } from "@/lib/db/schema";
import { acknowledgeFinding } from "@/lib/store-scan/acknowledge-finding";
import { admitLoss } from "@/lib/store-scan/admit-loss";
import { listFindings } from "@/lib/store-scan/list-findings";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { releaseJob } from "@/lib/jobs/job-lease";
import { orderObjectRemoval } from "@/lib/store-scan/removal/order-object-removal";
import { readFinding } from "@/lib/store-scan/read-finding";
import { countAlarmingFindings } from "@/lib/store-scan/read-scan-status";
import { recheckObject } from "@/lib/store-scan/recheck-object";
import { removeOrderedObjects } from "@/lib/store-scan/removal/remove-ordered-objects";
import { retryFinding } from "@/lib/store-scan/retry-finding";
import { ledgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { newId } from "@/lib/core/new-id";
import type { OperationContext } from "@/lib/operation/operation";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { objectPath } from "@/lib/storage/disk/disk-layout";
import type { ObjectStore } from "@/lib/storage/object-store";
import { StoreError } from "@/lib/storage/store-error";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { facts as holdFacts } from "../../support/holds";
import { check, receiptFile, sealAll } from "../../support/deletions";
import { eventsAbout, fileOf, isOnDisk, job, policy, row, unitWithQueue } from "../../support/recordings";
import { person, type Person } from "../../support/actors";
import { scanEvents, findingAbout, inCustody, keyOf, look, storeWith } from "./custody";

const { copyFolder } = vi.hoisted(() => {
  const copyFolder = `${process.env.DISK_STORE_PATH}-copy`;
  process.env.STORAGE_COPIES = JSON.stringify([
    { name: "second-site", kind: "disk", path: copyFolder, keys: process.env.DISK_STORE_KEYS },
  ]);
  return { copyFolder };
});

let place: Awaited<ReturnType<typeof unitWithQueue>>;
let people: Record<"admin" | "supervisor" | "dpo" | "auditor", Person>;

beforeAll(async () => {
  await policy(90);
  place = await unitWithQueue();
  const [admin, supervisor, dpo, auditor] = await Promise.all([
    person("admin"),
    person("supervisor", { unitIds: [place.unitId] }),
    person("dpo"),
    person("auditor"),
  ]);
  people = { admin, supervisor, dpo, auditor };
});

afterAll(() => rm(copyFolder, { recursive: true, force: true }));

const as = (role: keyof typeof people): OperationContext => ({ ...people[role].context, requestId: newId() });
const isResolved = async (findingId: string) =>
  (
    await database()
      .select({ at: storeScanFindings.resolvedAt })
      .from(storeScanFindings)
      .where(eq(storeScanFindings.id, findingId))
  )[0]!.at !== null;
const put = (key: string, store: ObjectStore = configuredStore()) =>
  store.put(key, Buffer.alloc(10), { contentType: "audio/wav", ifNoneMatch: "*" });
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000);

async function missing(): Promise<{ id: string; findingId: string }> {
  const [id] = (await inCustody(1, place)) as [string];
  await configuredStore().deleteAllVersions(keyOf(id));
  await look();
  return { id, findingId: (await findingAbout({ recordingId: id })).id };
}

async function orphan(): Promise<{ objectKey: string; findingId: string }> {
  const objectKey = keyOf(newId());
  for (const store of configuredStores()) await put(objectKey, store);
  await look();
  return { objectKey, findingId: (await findingAbout({ objectKey })).id };
}

const isAnywhere = (key: string) => existsSync(fileOf(key)) || existsSync(objectPath(copyFolder, key));

describe("audio without a recording", () => {
  it("is deleted from every store, with its key, when an administrator orders it", async () => {
    const { objectKey, findingId } = await orphan();
    expect(await findingAbout({ objectKey }), "the first store's facts, though the copy has it too").toMatchObject({
      facts: { store: "disk" },
    });
    await database()
      .insert(dataKeys)
      .values({ objectKey, keyId: "k", wrappedKey: Buffer.alloc(8) });
    expect(isAnywhere(objectKey)).toBe(true);

    await orderObjectRemoval(as("admin"), { findingId });
    await workOff("object_removals");
    expect(await isResolved(findingId)).toBe(true);
    expect(isAnywhere(objectKey)).toBe(false);
    expect(await database().$count(dataKeys, eq(dataKeys.objectKey, objectKey))).toBe(0);
    expect(await findingAbout({ objectKey })).toMatchObject({
      resolution: "object_removed",
      resolvedById: people.admin.userId,
    });
    expect(await scanEvents(findingId)).toMatchObject([
      { action: "store_scan.discrepancy_found" },
      { action: "store_scan.removal_ordered", actorId: people.admin.userId },
      {
        action: "store_scan.discrepancy_remedied",
        actorId: "store-scan",
        outcome: "success",
        details: {
          resolution: "object_removed",
          stores: ["disk", "second-site"],
          versionsDeleted: 2,
          dataKeysDestroyed: 1,
        },
      },
    ]);
    await expect(orderObjectRemoval(as("admin"), { findingId })).rejects.toMatchObject({ code: "conflict" });
  });

  it("stays ordered while a store refuses, and is deleted by a later scan", async () => {
    const { objectKey, findingId } = await orphan();
    await database()
      .update(storeScanFindings)
      .set({ removalOrderedAt: new Date(), removalOrderedById: people.admin.userId })
      .where(eq(storeScanFindings.id, findingId));
    const broken = storeWith({ deleteAllVersions: () => Promise.reject(new StoreError("forbidden", "no")) });
    await removeOrderedObjects(job(), { stores: [broken, configuredStores()[1]!] });
    expect(await isResolved(findingId)).toBe(false);
    expect((await scanEvents(findingId)).at(-1)).toMatchObject({
      action: "store_scan.removal_failed",
      outcome: "failure",
      details: { store: "disk", code: "forbidden" },
    });
    await removeOrderedObjects(job(), { stores: configuredStores() });
    expect([await isResolved(findingId), isAnywhere(objectKey)]).toEqual([true, false]);
  });

  it("is not deleted when a row now refers to it, or when the portal did not make it", async () => {
    const { objectKey, findingId } = await orphan();
    const [id] = (await inCustody(1, place)) as [string];
    await database()
      .insert(uploadTickets)
      .values({ id: newId(), recordingId: id, objectKey, expiresAt: daysFromNow(1) });
    await orderObjectRemoval(as("admin"), { findingId });
    await workOff("object_removals");
    expect(await isResolved(findingId)).toBe(true);
    expect(isAnywhere(objectKey)).toBe(true);
    expect(await findingAbout({ objectKey })).toMatchObject({ resolution: "no_longer_true" });

    await put("other.wav");
    await look();
    const { id: other } = await findingAbout({ objectKey: "other.wav" });
    expect((await readFinding(as("admin"), { findingId: other })).remedies).toEqual(["acknowledge"]);
    await expect(orderObjectRemoval(as("admin"), { findingId: other })).rejects.toMatchObject({ code: "conflict" });
    await configuredStore().deleteAllVersions("other.wav");
  });
});

it("does nothing when the database was restored from a backup older than the last erasure", async () => {
  const { objectKey, findingId } = await orphan();
  await database()
    .update(storeScanFindings)
    .set({ removalOrderedAt: new Date() })
    .where(eq(storeScanFindings.id, findingId));
  // Nothing was erased yet: entry 1 is ahead.
  const holder = processWide as { custodiaLedgerChecked?: unknown };
  await configuredStore().put(ledgerKey(1), Buffer.from("{}"), { contentType: "application/json", ifNoneMatch: "*" });
  holder.custodiaLedgerChecked = undefined;
  await expect(look()).rejects.toMatchObject({ code: "erasure_ledger_ahead" });
  await expect(removeOrderedObjects(job(), { stores: configuredStores() })).rejects.toMatchObject({
    code: "erasure_ledger_ahead",
  });
  expect(isAnywhere(objectKey)).toBe(true);
  await configuredStore().deleteAllVersions(ledgerKey(1));
  holder.custodiaLedgerChecked = undefined;
  await removeOrderedObjects(job(), { stores: configuredStores() });
  expect(isAnywhere(objectKey)).toBe(false);
});

describe("a recording whose object is gone", () => {
  it("is deleted by an order when the DPO confirms the loss", async () => {
    const { id, findingId } = await missing();
    expect((await row(id)).state).toBe("stored");

    const { orderId } = await admitLoss(as("dpo"), { findingId, justification: "O disco de maio se perdeu" });
    await workOff("deletion_order");
    expect(await row(id)).toMatchObject({
      deletionReason: "lost",
      deletionOrderId: orderId,
      objectKey: null,
      deletionProof: [{ store: "disk", versionsDeleted: 0 }, { store: "second-site" }],
    });
    expect(await database().select().from(deletionOrders).where(eq(deletionOrders.id, orderId))).toMatchObject([
      { reason: "lost", requestedById: people.dpo.userId, markedRecordings: 1, state: "finished" },
    ]);
    expect((await eventsAbout(id)).map(({ action }) => action)).toEqual([
      "store_scan.discrepancy_found",
      "recording.marked_for_deletion",
      "store_scan.discrepancy_remedied",
      "recording.deleted",
    ]);
    expect((await scanEvents(id)).at(-1)).toMatchObject({
      actorId: people.dpo.userId,
      details: { resolution: "loss_admitted", orderId },
    });
    expect(JSON.stringify(await eventsAbout(id))).not.toContain("disco");
    await sealAll();
    const receipt = await receiptFile(id, as("dpo"));
    expect(JSON.parse(receipt)).toMatchObject({
      receipt: {
        deletion: {
          reason: "lost",
          legalGrounds: [],
          orderId,
          askedBy: { id: people.dpo.userId },
        },
      },
    });
    expect(await check(receipt)).toMatchObject({ holds: true });
    await expect(admitLoss(as("dpo"), { findingId, justification: "De novo" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("is kept by a hold or its legal minimum, while a copy has the object, and when the object is back", async () => {
    const held = await missing();
    await placeHold(as("dpo"), { ...holdFacts(people.dpo.userId), selection: { recordingIds: [held.id] } });
    const early = await missing();
    const { retentionPolicyId: minimumPolicyId } = await row(early.id);
    await database()
      .update(recordings)
      .set({ minimumUntil: daysFromNow(10), minimumPolicyId, minimumPolicyVersion: 1 })
      .where(eq(recordings.id, early.id));
    for (const { id, findingId } of [held, early]) {
      await expect(admitLoss(as("dpo"), { findingId, justification: "Perdida" })).rejects.toMatchObject({
        code: "recording_kept",
      });
      expect([(await row(id)).state, await isResolved(findingId)]).toEqual(["stored", false]);
    }
    const copied = await missing();
    const stored = objectPath(copyFolder, keyOf(copied.id));
    await mkdir(path.dirname(stored), { recursive: true });
    await put(keyOf(copied.id), configuredStores()[1]!);
    await expect(admitLoss(as("dpo"), { findingId: copied.findingId, justification: "Perdida" })).rejects.toMatchObject(
      { code: "copy_exists" },
    );
    const back = await missing();
    await put(keyOf(back.id));
    await expect(admitLoss(as("dpo"), { findingId: back.findingId, justification: "Perdida" })).rejects.toMatchObject({
      code: "conflict",
    });
    for (const { id } of [copied, back]) expect((await row(id)).state).toBe("stored");
  });

  it("is resolved when the same content is back under its key, with any ETag", async () => {
    const { id, findingId } = await missing();
    expect(await recheckObject(as("dpo"), { findingId })).toEqual({ resolved: false });
    expect((await scanEvents(id)).at(-1)).toMatchObject({
      action: "store_scan.discrepancy_remedied",
      outcome: "failure",
      details: { resolution: "still_true" },
    });

    const [twin] = (await inCustody(1, place)) as [string];
    const bytes = Buffer.from(
      await new Response(
        (await configuredStore().readRange(keyOf(twin), { start: 0, endInclusive: 63 })).stream,
      ).arrayBuffer(),
    );
    await configuredStore().put(keyOf(id), bytes, { contentType: "audio/wav", ifNoneMatch: "*" });
    expect(await recheckObject(as("admin"), { findingId }), "another content").toEqual({ resolved: false });
    await database()
      .update(recordings)
      .set({ sha256: (await row(twin)).sha256 })
      .where(eq(recordings.id, id));
    expect(await recheckObject(as("admin"), { findingId })).toEqual({ resolved: true });
    const facts = await configuredStore().head(keyOf(id));
    expect(await row(id)).toMatchObject({ objectEtag: facts!.etag, verifiedAt: expect.any(Date) });
    expect(await findingAbout({ recordingId: id })).toMatchObject({
      resolution: "same_content",
      resolvedById: people.admin.userId,
    });
    expect(await look()).toMatchObject({ found: 0 });
  });
});

it("a changed bit in the middle of the audio is different content", async () => {
  const [id] = (await inCustody(1, place)) as [string];
  await database().update(recordings).set({ objectEtag: "other" }).where(eq(recordings.id, id));
  await look();
  const { id: findingId } = await findingAbout({ recordingId: id });
  const file = fileOf(keyOf(id));
  const kept = await readFile(file);
  const altered = Buffer.from(kept);
  altered[altered.length - 20]! ^= 1;
  await writeFile(file, altered);
  expect(await recheckObject(as("admin"), { findingId })).toEqual({ resolved: false });
  await writeFile(file, kept);
  expect(await recheckObject(as("admin"), { findingId })).toEqual({ resolved: true });
});

describe("work that another job left undone", () => {
  it("is retried at once: a waiting deletion, a passed date, an unfinished upload", async () => {
    const [waiting, due, sent] = (await inCustody(3, place)) as [string, string, string];
    await database()
      .update(recordings)
      .set({
        state: "deleting",
        deletingAt: daysFromNow(-2),
        deletionReason: "retention_expired",
        deletionAttempts: 9,
        deletionRetryAt: daysFromNow(1),
        deletionFailedStore: "disk",
        deletionFailureCode: "forbidden",
      })
      .where(eq(recordings.id, waiting));
    await database()
      .update(recordings)
      .set({ retainUntil: daysFromNow(-2), storedAt: daysFromNow(-9) })
      .where(eq(recordings.id, due));
    const ticketId = newId();
    await database()
      .insert(uploadTickets)
      .values({
        id: ticketId,
        recordingId: sent,
        objectKey: keyOf(ticketId),
        expiresAt: daysFromNow(-2),
        closedAt: daysFromNow(-2),
        outcome: "superseded",
      });
    const sweep = { id: newId(), kind: "upload_sweep" as const, key: ticketId, payload: { ticketId } };
    await database()
      .insert(jobs)
      .values({ ...sweep, tries: 9, runAt: daysFromNow(1) });
    await put(keyOf(ticketId));
    await look();
    const findingIds = await Promise.all(
      [waiting, due, sent].map(async (recordingId) => (await findingAbout({ recordingId })).id),
    );
    for (const findingId of findingIds) await retryFinding(as("dpo"), { findingId });
    await workOff("finding_retry");
    for (const findingId of findingIds) expect(await isResolved(findingId)).toBe(true);
    expect([(await row(waiting)).state, (await row(due)).state, (await row(sent)).state]).toEqual([
      "deleted",
      "deleted",
      "stored",
    ]);
    expect(isOnDisk([keyOf(waiting), keyOf(due), keyOf(ticketId)])).toBe(false);
    expect(
      (await scanEvents(waiting)).map(({ action, details }) => [
        action,
        (details as Record<string, unknown>).resolution,
      ]),
    ).toEqual([
      ["store_scan.discrepancy_found", undefined],
      ["store_scan.discrepancy_remedied", "retried"],
      ["store_scan.discrepancy_resolved", "retried"],
    ]);
  });
});

describe("an unfinished upload that is retried", () => {
  const closed = { closedAt: daysFromNow(-2), outcome: "superseded" as const };

  async function stuckTicket(state: { closedAt?: Date; outcome?: "superseded" } = closed) {
    const [recordingId] = (await inCustody(1, place)) as [string];
    const ticketId = newId();
    const [expiresAt, objectKey] = [daysFromNow(-2), keyOf(ticketId)];
    await database()
      .insert(uploadTickets)
      .values({ id: ticketId, recordingId, objectKey, expiresAt, ...state });
    await put(objectKey);
    await look();
    const { id: findingId } = await findingAbout({ recordingId });
    return { findingId, objectKey, job: { kind: "upload_sweep" as const, key: ticketId, payload: { ticketId } } };
  }
  const rowOf = async (key: string) => (await database().select().from(jobs).where(eq(jobs.key, key)))[0];

  it("is refused and swept in one", async () => {
    const { findingId, objectKey } = await stuckTicket({});
    expect(isOnDisk([objectKey])).toBe(true);
    await retryFinding(as("dpo"), { findingId });
    await workOff("finding_retry");
    expect([await isResolved(findingId), isOnDisk([objectKey])]).toEqual([true, false]);
  });

  it("waits while another process has its job", async () => {
    const { findingId, objectKey, job: sweep } = await stuckTicket();
    const other = (await claimJob(sweep, 60_000))!;
    await retryFinding(as("dpo"), { findingId });
    await workOff("finding_retry");
    expect([await isResolved(findingId), isOnDisk([objectKey])]).toEqual([false, true]);
    expect(await rowOf(sweep.key)).toMatchObject({ attempts: 1, leasedUntil: expect.any(Date) });
    expect(await rowOf(findingId)).toMatchObject({ tries: 0, leasedUntil: null, deadAt: null });

    await releaseJob(other.lease, { afterMs: 3_600_000, tries: 1 });
    await jobsTurnComes();
    await workOff("finding_retry");
    expect([await isResolved(findingId), isOnDisk([objectKey])]).toEqual([true, false]);
    expect([await rowOf(sweep.key), await rowOf(findingId)]).toEqual([undefined, undefined]);
  });

  it("stays open and is tried again while the store refuses", async () => {
    const { findingId, objectKey, job: sweep } = await stuckTicket();
    await rename(copyFolder, `${copyFolder}-away`);
    await writeFile(copyFolder, "no folder");
    await retryFinding(as("dpo"), { findingId });
    await workOff("finding_retry");
    expect(await isResolved(findingId)).toBe(false);
    expect(await rowOf(findingId)).toMatchObject({ tries: 1, deadAt: null });
    expect(await rowOf(sweep.key)).toMatchObject({ tries: 1, leasedUntil: null, deadAt: null });

    await rm(copyFolder);
    await rename(`${copyFolder}-away`, copyFolder);
    await jobsTurnComes();
    await workOff("finding_retry");
    expect([await isResolved(findingId), isOnDisk([objectKey])]).toEqual([true, false]);
  });
});

describe("an acknowledged discrepancy", () => {
  it("raises no alarm and stays in the list until it changes", async () => {
    const [id] = (await inCustody(1, place)) as [string];
    await database().update(recordings).set({ objectEtag: "moved" }).where(eq(recordings.id, id));
    await look();
    const { id: findingId } = await findingAbout({ recordingId: id });
    const alarms = () => countAlarmingFindings(database());
    const before = await alarms();
    await expect(acknowledgeFinding(as("dpo"), { findingId, reason: " " })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await acknowledgeFinding(as("dpo"), { findingId, reason: "Migração de Fulano" });
    expect(await alarms()).toBe(before - 1);
    expect((await scanEvents(id)).at(-1)).toMatchObject({
      action: "store_scan.discrepancy_acknowledged",
      actorId: people.dpo.userId,
    });
    expect(JSON.stringify(await scanEvents(id))).not.toContain("Fulano");
    await look();
    expect(await readFinding(as("auditor"), { findingId })).toMatchObject({
      state: "acknowledged",
      acknowledgement: "Migração de Fulano",
      acknowledgedBy: "Pessoa dpo",
      remedies: [],
    });
    expect((await listFindings(as("auditor"), { state: "acknowledged" })).rows).toMatchObject([{ id: findingId }]);
    expect(
      (await listFindings(as("auditor"), { state: "open", kind: "content_changed" })).rows.map(
        ({ id: listed }) => listed,
      ),
    ).not.toContain(findingId);

    await configuredStore().put(keyOf(id), Buffer.alloc(3), { contentType: "audio/wav", ifNoneMatch: null });
    await look();
    expect(await readFinding(as("dpo"), { findingId })).toMatchObject({
      state: "open",
      facts: { change: "size", foundBytes: 3 },
      remedies: ["recheck", "acknowledge"],
    });
    expect(await alarms()).toBe(before);
    expect(JSON.stringify((await listFindings(as("auditor"), {})).rows), "no key leaves").not.toContain("recordings/");
  });
});
