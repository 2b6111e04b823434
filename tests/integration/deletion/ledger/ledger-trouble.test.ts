import { spawn } from "node:child_process";
import { eq, sql } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { GET as health } from "@/app/api/health/route";
import { database } from "@/lib/db/client";
import { erasureLedger, recordings } from "@/lib/db/schema";
import { ledgerKey } from "@/lib/deletion/ledger/ledger-entry";
import { checkLedger } from "@/lib/deletion/ledger/check-ledger";
import { readStoredText } from "@/lib/deletion/ledger/stored-ledger";
import { replayLedger } from "@/lib/deletion/ledger/replay-ledger";
import { writeLedger } from "@/lib/deletion/ledger/write-ledger";
import { decideHoldRelease } from "@/lib/legal-holds/release/decide-hold-release";
import { listHoldRecordings } from "@/lib/legal-holds/list-hold-recordings";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { requestHoldRelease } from "@/lib/legal-holds/release/request-hold-release";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { configuredStore, configuredStores } from "@/lib/storage/configured-store";
import { smallAudio } from "../../../support/audio-fixtures";
import { askTicket, callMetadata, phoneSystem, problemOf, type PhoneSystem } from "../../../support/uploads";
import { asAttacker } from "../../../support/log-under-test";
import { facts } from "../../../support/holds";
import { daysAgo, eventCounts, eventsAbout, isOnDisk, job, row, storedRecording } from "../../../support/recordings";
import { contextOf, person, type Person } from "../../../support/actors";
import { physicalCopy } from "./physical-copy";
import { loadTypescript } from "../../../support/load-typescript";
import { waitUntil } from "../../../support/wait-until";

const backup = physicalCopy();
let system: PhoneSystem;
let dpo: Person;
let admin: Person;

beforeAll(async () => {
  system = await phoneSystem();
  [dpo, admin] = [await person("dpo"), await person("admin")];
});

const due = () => storedRecording({ unitId: system.unitId, startedAt: daysAgo(400) });
const stores = configuredStores();
const run = (batchSize = 250) => runRetention(job(), { stores, signal: AbortSignal.timeout(60_000), batchSize });
const replay = (dryRun = false) => replayLedger(job(), { stores, dryRun });
const head = async () =>
  Number(
    (await database().execute<{ head: string }>(sql`select coalesce(max(sequence), 0) as head from erasure_ledger`))[0]!
      .head,
  );
const bodies = async () =>
  new Map((await database().select().from(erasureLedger)).map(({ sequence, body }) => [sequence, body]));
const remove = (sequence: number) => configuredStore().deleteAllVersions(ledgerKey(sequence));
const putBack = (sequence: number, body: string) =>
  configuredStore().put(ledgerKey(sequence), Buffer.from(body), { contentType: "application/json", ifNoneMatch: null });

/** Runs `npm run erasures`; kills it with SIGKILL once the database has taken over entry `killAt`. */
async function command(
  args: string[],
  killAt = Infinity,
): Promise<{ code: number | null; signal: string | null; output: string }> {
  const child = spawn(process.execPath, ["--import", loadTypescript, "scripts/erasures.ts", ...args], {
    env: process.env,
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ code: number | null; signal: string | null; output: string }>((resolve) =>
    child.on("close", (code, signal) => resolve({ code, signal, output })),
  );
  if (killAt < Infinity) {
    const reached = async () => child.exitCode !== null || (await head()) >= killAt;
    await waitUntil(`the database takes over entry ${killAt}`, reached, { intervalMs: 2 });
    child.kill("SIGKILL");
  }
  return ended;
}

it("a replay ignores a hold of the restored database, survives kill -9 twice, and does nothing twice", async () => {
  const all = await Promise.all(Array.from({ length: 12 }, due));
  const held = all[0]!;
  const { holdId } = await placeHold(contextOf(dpo.actor), {
    ...facts(dpo.userId),
    selection: { recordingIds: [held.id] },
  });
  await backup.take();
  const { approvalId } = await requestHoldRelease(contextOf(dpo.actor), { holdId, reason: "Encerrado" });
  await decideHoldRelease(contextOf(admin.actor), { approvalId, decision: "approved", reason: "Conferido por mim" });
  const cameAndWent = await due();
  const contents = new Map(
    await Promise.all(
      [cameAndWent, held].map(async ({ id }) => [id, (await row(id)).sha256!.toString("hex")] as const),
    ),
  );
  // Each deletion is its own entry.
  expect(await run(1)).toMatchObject({ deleted: 13, remaining: 0 });
  expect(await head()).toBe(13);
  await backup.restore();
  const before = await eventCounts();

  for (const killAt of [2, 5]) expect(await command(["replay"], killAt)).toMatchObject({ signal: "SIGKILL" });
  const reached = await head();
  expect(reached).toBeGreaterThanOrEqual(5);
  expect(reached).toBeLessThan(13);
  expect(await checkLedger(job(), { thorough: true })).toBe("ahead");
  expect(await command(["replay"])).toMatchObject({
    code: 0,
    output: expect.stringContaining(`Store: entry 13. ${13 - reached} entries applied`),
  });

  const states = await database().selectDistinct({ state: recordings.state }).from(recordings);
  expect(states).toEqual([{ state: "deleted" }]);
  expect(all.some(({ keys }) => isOnDisk(keys))).toBe(false);
  expect(await eventCounts()).toEqual({
    marked: before.marked + 12,
    deleted: before.deleted + 12,
    mostPerRecording: 1,
  });
  expect((await eventsAbout(held.id, "recording.marked_for_deletion"))[0]!.details).toMatchObject({
    replayed: true,
    previousState: "stored",
    held: true,
  });
  expect((await listHoldRecordings(contextOf(dpo.actor), { holdId })).rows).toMatchObject([
    { id: held.id, state: "deleted", releasedAt: null },
  ]);

  // Recordings stored after the backup have no row, and are refused nevertheless.
  expect(await row(cameAndWent.id)).toBeUndefined();
  const again = (id: string, sha256: string) => {
    const call = { sourceCallId: `5511987654321-${id}`, sha256 };
    return askTicket(system.headers, callMetadata(system.unitCode, smallAudio(), call));
  };
  for (const [id, sha256] of contents) {
    expect(await problemOf(await again(id, sha256))).toMatchObject({ status: 409, code: "already_deleted" });
    expect((await again(id, smallAudio().sha256)).status).toBe(201);
  }
  expect((await askTicket(system.headers, callMetadata(system.unitCode, smallAudio()))).status).toBe(201);
});

it("a replay stops at an entry that the store has lost; the database that has it writes it again", async () => {
  await Promise.all(Array.from({ length: 3 }, due));
  const first = await head();
  await backup.take();
  expect(await run(1)).toMatchObject({ deleted: 3 });
  const written = await bodies();
  await remove(first + 2);
  expect(await replay(true)).toMatchObject({ entries: 0, missing: 1 });
  expect(await command(["status"])).toMatchObject({
    code: 1,
    output: expect.stringContaining("1 entries of the database were missing in the store"),
  });
  expect(await replay()).toMatchObject({ entries: 0, missing: 1 });
  expect(await readStoredText(configuredStore(), ledgerKey(first + 2))).toBe(written.get(first + 2));
  expect(await replay(true)).toMatchObject({ entries: 0, missing: 0 });

  await remove(first + 2);
  await backup.restore();
  await expect(replay()).rejects.toMatchObject({
    code: "erasure_ledger_invalid",
    message: expect.stringContaining(
      `entry ${first + 2} of the erasure ledger is missing, while the store has later ones`,
    ),
  });
  expect([await head(), await checkLedger(job(), { thorough: true })]).toEqual([first + 1, "ahead"]);
  await putBack(first + 2, written.get(first + 2)!);
  expect(await replay()).toMatchObject({ entries: 2, recordings: 2, left: 0 });
});

it("two databases wrote the same number: nothing is deleted, served or applied before a person decides", async () => {
  const [one, other] = [await due(), await due()];
  const number = (await head()) + 1;
  await backup.take();
  expect(await run()).toMatchObject({ deleted: 2 });
  const theirs = (await bodies()).get(number)!;
  await backup.restore();
  // In the middle of a batch, and within the minute in which a process caches its last check.
  await database().transaction((tx) =>
    markForDeletion(tx, { condition: eq(recordings.id, one.id), caller: "order", orderId: null, limit: 1 }),
  );
  expect(await eraseMarked(job(), { stores, runId: null, batchSize: 10 }, { recordingIds: [one.id] })).toMatchObject({
    deleted: 1,
  });
  expect(await writeLedger(job(), {})).toEqual({ written: 0, conflict: number });
  expect(await readStoredText(configuredStore(), ledgerKey(number))).toBe(theirs);

  expect(await command(["status"])).toMatchObject({
    code: 2,
    output: expect.stringContaining(
      `erasure_ledger_invalid: entry ${number} of the erasure ledger differs between the store and this database`,
    ),
  });
  await expect(replay()).rejects.toMatchObject({ code: "erasure_ledger_invalid" });
  await asAttacker(
    (owner) => owner`update erasure_ledger set created_at = now() - interval '2 minutes' where sequence = ${number}`,
  );
  expect(await checkLedger(job(), { thorough: true })).toBe("conflict");
  expect(
    await (await health(new Request("http://127.0.0.1/api/health"), { params: Promise.resolve({}) })).json(),
  ).toEqual({ status: "degraded", problems: ["erasure_ledger_ahead"] });
  await expect(run()).rejects.toMatchObject({ code: "erasure_ledger_ahead" });
  expect((await row(other.id)).state).toBe("stored");

  // The guide's procedure: restore the backup again and replay before anything else.
  await backup.restore();
  expect(await replay()).toMatchObject({ entries: 1, recordings: 2, left: 0 });
  expect([
    (await row(one.id)).state,
    (await row(other.id)).state,
    await checkLedger(job(), { thorough: true }),
  ]).toEqual(["deleted", "deleted", "in_step"]);
});
