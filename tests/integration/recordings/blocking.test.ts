import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { recordingBlocks, recordings, retentionRuns } from "@/lib/db/schema";
import { markForDeletion } from "@/lib/deletion/mark-for-deletion";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { blockRecordings } from "@/lib/recordings/blocking/block-recordings";
import { liftBlock } from "@/lib/recordings/blocking/lift-block";
import { readBlock } from "@/lib/recordings/blocking/read-block";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readRecording } from "@/lib/recordings/read-recording";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { previewRetention } from "@/lib/retention/preview-retention";
import { newId } from "@/lib/core/new-id";
import { expectRefusal } from "../../support/actors";
import { audio } from "../../support/audio-fixtures";
import { retain } from "../../support/deletions";
import { signedInAs, type SignedIn } from "../../support/people";
import { askGrant, grantOf, listen, purpose, statusOf } from "../../support/playbacks";
import { admin, daysAgo, eventsAbout, job, row, storedRecording } from "../../support/recordings";
import * as uploads from "../../support/uploads";

let system: uploads.PhoneSystem;
let [dpo, supervisor, auditor]: SignedIn[] = [];
const reason = "O titular contesta a licitude do tratamento";

beforeAll(async () => {
  system = await uploads.phoneSystem();
  [dpo, supervisor, auditor] = await Promise.all([
    signedInAs("dpo"),
    signedInAs("supervisor", [system.unitId]),
    signedInAs("auditor"),
  ]);
});

const stored = async (startedAt = new Date()) => (await storedRecording({ unitId: system.unitId, startedAt })).id;
const block = async (...recordingIds: string[]) => blockRecordings(await dpo!.context(), { recordingIds, reason });
const lift = async (recordingId: string) =>
  liftBlock(await dpo!.context(), { recordingId, reason: "Licitude confirmada" });

test("a block ends what is being played; nobody plays or downloads until the DPO lifts it", async () => {
  const id = await uploads.storedRecording(system, audio("call-35-ogg-opus-stereo.opus"));
  const { url } = await grantOf(supervisor!, id);
  expect(await block(id)).toEqual({ blocked: 1 });
  expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(423);
  for (const [who, kind] of [
    [supervisor, "playback"],
    [dpo, "download"],
  ] as const) {
    const answered = await askGrant(who!.headers, id, purpose, kind);
    expect([answered.status, await answered.json()]).toMatchObject([423, { code: "recording_blocked" }]);
  }
  const page = await readRecording(await supervisor!.context(), { recordingId: id });
  expect(page).toMatchObject({ isBlocked: true, waveform: null, seesBlock: false, mayBlock: false });
  await lift(id);
  expect(await statusOf(await listen(supervisor!.cookie, url))).toBe(410);
  expect(await statusOf(await listen(supervisor!.cookie, (await grantOf(supervisor!, id)).url))).toBe(200);
});

test("a block says why and by whom to DPO and auditor, and its events say nothing of the person", async () => {
  const id = await stored();
  await block(id);
  const read = await readBlock(await auditor!.context(), { recordingId: id });
  expect(read).toMatchObject({ reason, blockedAt: expect.any(Date) });
  expect(await readBlock(await auditor!.context(), { recordingId: await stored() })).toBeNull();
  await expectRefusal(readBlock(await supervisor!.context(), { recordingId: id }), "forbidden");
  await lift(id);
  expect(await readBlock(await auditor!.context(), { recordingId: id })).toBeNull();
  const events = (await eventsAbout(id)).filter(({ action }) => action.startsWith("recording.block"));
  expect(events.map(({ action, details }) => [action, details])).toEqual([
    ["recording.blocked", {}],
    ["recording.block_lifted", {}],
  ]);
});

test("blocking or lifting twice changes nothing; several are blocked all or none", async () => {
  const [id, other, gone] = [await stored(), await stored(), await stored()];
  const both = await Promise.all([block(id), block(id)]);
  expect(both.map(({ blocked }) => blocked).toSorted()).toEqual([0, 1]);
  expect(await database().$count(recordingBlocks, eq(recordingBlocks.recordingId, id))).toBe(1);
  await lift(id);
  await lift(id);
  expect(await eventsAbout(id, "recording.block_lifted")).toHaveLength(1);
  await expectRefusal(block(other, newId()), "not_found");
  await database().update(recordings).set({ state: "rejected" }).where(eq(recordings.id, gone));
  await expectRefusal(block(other, gone), "conflict");
  expect((await row(other)).blockedAt).toBeNull();
  const context = await supervisor!.context();
  await expectRefusal(blockRecordings(context, { recordingIds: [other], reason }), "forbidden");
  await expectRefusal(liftBlock(context, { recordingId: id, reason }), "forbidden");
});

test("neither retention nor an order deletes a blocked recording; each says how many it leaves", async () => {
  const [kept, due] = [await stored(daysAgo(400)), await stored(daysAgo(400))];
  await block(kept);
  const preview = await previewRetention(job(), {});
  expect(preview.recordings.map(({ recordingId }) => recordingId)).toEqual([due]);
  expect(preview).toMatchObject({ blocked: 1, doubtfulDate: 0 });
  expect(await forecastRetention(await dpo!.context(), {})).toMatchObject({ dueNow: { recordings: 1 }, blocked: 1 });
  const selection = { recordingIds: [kept] };
  const order = await previewDeletionOrder(admin(), selection);
  expect(order).toMatchObject({ recordings: 0, blocked: 1, keptSample: [{ recordingId: kept, reason: "blocked" }] });
  const run = await retain();
  expect(run).toMatchObject({ due: 1, deleted: 1, held: 0, blocked: 1, remaining: 0 });
  const [saved] = await database().select().from(retentionRuns).where(eq(retentionRuns.id, run.runId));
  expect(saved!.blockedBy).toMatchObject([{ recordings: 1 }]);
  expect([(await row(kept)).state, (await row(due)).state]).toEqual(["stored", "deleted"]);
  const found = await listRecordings(await dpo!.context(), { unitId: system.unitId, blocked: "yes", limit: 200 });
  expect(found.rows.map(({ id }) => id)).toEqual([kept]);
  await lift(kept);
  expect(await retain()).toMatchObject({ deleted: 1, blocked: 0 });
});

test("an erasure that the person recorded asks for is not stopped; the reasons of the block go with it", async () => {
  const id = await stored();
  await block(id);
  const mark = (caller: "request" | "order") =>
    database().transaction((tx) =>
      markForDeletion(tx, { caller, condition: eq(recordings.id, id), orderId: newId(), limit: 1 }),
    );
  expect((await mark("order")).recordingIds).toEqual([]);
  expect((await mark("request")).recordingIds).toEqual([id]);
  await retain();
  expect(await row(id)).toMatchObject({ state: "deleted", blockedAt: null });
  const [left] = await database().select().from(recordingBlocks).where(eq(recordingBlocks.recordingId, id));
  expect(left).toMatchObject({ reasonEncrypted: null, blockedById: expect.any(String) });
});
