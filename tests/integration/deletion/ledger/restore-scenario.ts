import { execFile } from "node:child_process";
import { eq, sql } from "drizzle-orm";
import { expect } from "vitest";
import { GET as health } from "@/app/api/health/route";
import { processWide } from "@/lib/core/process-wide";
import { closeDatabase, database } from "@/lib/db/client";
import { erasureLedger, recordings } from "@/lib/db/schema";
import { ledgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { markErased } from "@/lib/deletion/ledger/mark-erased";
import { parseLedgerBody } from "@/lib/deletion/ledger/ledger-entry";
import { checkLedger } from "@/lib/deletion/ledger/check-ledger";
import { replayLedger } from "@/lib/deletion/ledger/replay-ledger";
import { openPlayback } from "@/lib/playback/open-playback";
import { grantPlayback } from "@/lib/playback/grant-playback";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { person, type Person } from "../../../support/actors";
import {
  daysAgo,
  eventsAbout,
  isOnDisk,
  job,
  localMidnight,
  policy,
  row,
  storedRecording,
  unitWithQueue,
} from "../../../support/recordings";
import { loadTypescript } from "../../../support/load-typescript";

/** `during` is called where the restore has done a part. */
export type Backup = { take: () => Promise<void>; restore: (during: () => Promise<void>) => Promise<void> };

const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(30_000) });
const state = () => checkLedger(job(), { thorough: true });
const healthOf = async () =>
  (await health(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) })).json();

function command(args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) =>
    execFile(
      process.execPath,
      ["--import", loadTypescript, "scripts/erasures.ts", ...args],
      { env: process.env },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

const play = ({ actor }: Person, grantId: string) => openPlayback({ ...job(), actor }, { grantId });

const grantsOf = ({ actor }: Person, recordingIds: readonly string[]) =>
  Promise.all(
    recordingIds.map(
      async (recordingId) =>
        (await grantPlayback({ ...job(), actor }, { recordingId, purpose: "training", reference: "OS-1" })).grantId,
    ),
  );

/** Somebody did not stop the portal, and people go on playing: nothing is served, and each refusal says why. */
const refusedTo = (who: Person, grantIds: readonly string[]) => async () => {
  for (const grantId of grantIds)
    await expect(play(who, grantId)).rejects.toMatchObject({ code: expect.stringMatching(whileRestoring) as string });
};
const whileRestoring = /^(database_unavailable|erasure_ledger_ahead|not_found)$/;

/** Backup, erasure, restore of the backup: what the portal then refuses, what a forged ledger gets, and the replay. */
export async function eraseRestoreReplay(backup: Backup): Promise<void> {
  const policyId = await policy(90);
  const place = await unitWithQueue();
  const earlier = await storedRecording({ ...place, startedAt: daysAgo(200) });
  expect(await run()).toMatchObject({ deleted: 1 });
  const [first, second] = [
    await storedRecording({ ...place, startedAt: daysAgo(200) }),
    await storedRecording({ ...place, startedAt: daysAgo(200) }),
  ];
  const kept = await storedRecording({ ...place, startedAt: daysAgo(10) });
  // In the backup, a legal minimum still keeps the second recording.
  const minimum = { minimumPolicyId: policyId, minimumUntil: localMidnight(5), retainUntil: localMidnight(5) };
  await database().update(recordings).set(minimum).where(eq(recordings.id, second.id));
  const who = await person("supervisor", { unitIds: [place.unitId] });
  const plays = await grantsOf(who, [first.id, kept.id]);
  await closeDatabase();
  await backup.take();

  await database()
    .update(recordings)
    .set({ minimumPolicyId: null, minimumUntil: null, retainUntil: daysAgo(1) })
    .where(eq(recordings.id, second.id));
  expect(await run()).toMatchObject({ deleted: 2, remaining: 0 });
  const before = await row(first.id);
  const ledger = await database().select().from(erasureLedger).orderBy(erasureLedger.sequence);
  expect(ledger.map(({ sequence }) => sequence)).toEqual([1, 2]);
  expect(ledger.every(({ writtenAt }) => writtenAt !== null)).toBe(true);
  expect(await state()).toBe("in_step");

  await closeDatabase();
  await backup.restore(refusedTo(who, plays));
  expect([(await row(first.id)).state, (await row(second.id)).state, (await row(earlier.id)).state]).toEqual([
    "stored",
    "stored",
    "deleted",
  ]);

  expect(await state()).toBe("ahead");
  const listener = await person("supervisor", { unitIds: [place.unitId] });
  const request = { recordingId: kept.id, purpose: "training" as const, reference: "OS-1" };
  // Of the first requests after a start, none is served before the ledger was compared.
  (processWide as { custodiaLedgerChecked?: unknown }).custodiaLedgerChecked = undefined;
  const atOnce = await Promise.allSettled(
    [1, 2, 3].map(() => grantPlayback({ ...job(), actor: listener.actor }, request)),
  );
  expect(atOnce).toEqual(
    [1, 2, 3].map(() => expect.objectContaining({ reason: expect.objectContaining({ code: "erasure_ledger_ahead" }) })),
  );
  expect(await healthOf()).toEqual({ status: "degraded", problems: ["erasure_ledger_ahead"] });
  await expect(run()).rejects.toMatchObject({ code: "erasure_ledger_ahead" });
  expect(await command(["status"])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("2 restored recordings"),
  });

  const store = configuredStore();
  const put = (body: string) =>
    store.put(ledgerKey(2), Buffer.from(body), { contentType: "application/json", ifNoneMatch: null });
  await put(ledger[1]!.body.replace("retention_expired", "retention_expirec"));
  expect(await command(["replay"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("entry 2 of the erasure ledger has a signature that is not valid"),
  });
  await put(ledger[0]!.body);
  expect(await command(["replay"])).toMatchObject({ code: 2, stderr: expect.stringContaining("says another number") });
  await put(ledger[1]!.body);
  expect((await row(first.id)).state).toBe("stored");

  expect(await replayLedger(job(), { stores: configuredStores(), dryRun: true })).toMatchObject({
    entries: 1,
    recordings: 2,
  });
  // A replay that was killed after its first step.
  const { erasures, deletedAt } = parseLedgerBody(ledger[1]!.body)!.entry;
  await markErased(job(), { sequence: 2, deletedAt, erasures });
  expect(await replayLedger(job(), { stores: configuredStores(), dryRun: false })).toEqual({
    databaseHead: 1,
    storeHead: 2,
    entries: 1,
    recordings: 2,
    left: 0,
    missing: 0,
  });
  expect(await command(["replay"])).toMatchObject({ code: 0, stdout: expect.stringContaining("In sync") });

  expect(await row(first.id)).toMatchObject({
    state: "deleted",
    deletedAt: before.deletedAt,
    customerNumberEncrypted: null,
    objectKey: null,
  });
  const events = await eventsAbout(second.id);
  expect(events.map(({ action }) => action)).toEqual(["recording.marked_for_deletion", "recording.deleted"]);
  expect(events[0]!.details).toMatchObject({
    ledgerSequence: 2,
    replayed: true,
    previousState: "stored",
    beforeMinimum: true,
  });
  expect(events[1]!.details).toMatchObject({ ledgerSequence: 2, replayed: true });
  expect(isOnDisk(kept.keys)).toBe(true);
  expect((await row(kept.id)).state).toBe("stored");
  expect(await state()).toBe("in_step");
  await expect(grantPlayback({ ...job(), actor: listener.actor }, request)).resolves.toBeDefined();
  await expect(play(who, plays[0]!)).rejects.toMatchObject({ code: "revoked" });
  await expect(play(who, plays[1]!)).resolves.toBeDefined();

  await storedRecording({ ...place, startedAt: daysAgo(200) });
  expect(await run()).toMatchObject({ deleted: 1 });
  const [last] = await database()
    .select({ head: sql<number>`max(${erasureLedger.sequence})::int` })
    .from(erasureLedger);
  expect(last!.head).toBe(3);
}
