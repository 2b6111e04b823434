import { eq, sql } from "drizzle-orm";
import { beforeAll, beforeEach, expect, test } from "vitest";
import { env } from "@/lib/core/env";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { readRetentionRun } from "@/lib/deletion/runs/read-retention-run";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { listRecordings } from "@/lib/recordings/list-recordings";
import { readRecording } from "@/lib/recordings/read-recording";
import { forecastRetention } from "@/lib/retention/forecast-retention";
import { previewRetention } from "@/lib/retention/preview-retention";
import { configuredStores } from "@/lib/storage/configured-store";
import { listPastRetention } from "@/lib/store-scan/compare/scan-past-retention";
import { job as jobOf } from "../../support/people";
import { person } from "../../support/actors";
import { admin, daysAgo, isOnDisk, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

const hourMs = 3_600_000;
const sevenDaysMs = 7 * 24 * hourMs;
const storedAgo = (ms: number) => new Date(Date.now() - ms);

let unitId: string;
let policyId: string;

beforeAll(async () => {
  policyId = await policy(90);
});
beforeEach(async () => {
  ({ unitId } = await unitWithQueue());
});

/** A recording past its date that was stored this long ago. */
const arrived = (ago = 0, days = 200) =>
  storedRecording({ unitId, startedAt: daysAgo(days), storedAt: storedAgo(ago) });
const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });
const dueIds = async (dueTo: string) =>
  (await listRecordings(admin(), { unitId, state: "stored", held: "no", dueTo })).rows.map(({ id }) => id).sort();
const localDay = (instant: Date, more = 0) =>
  new Intl.DateTimeFormat("en-CA", { timeZone: env().CONTROLLER_TIME_ZONE }).format(instant.getTime() + more);
/** Removed for the next test: recent arrivals are counted over all units. */
const remove = (id: string) =>
  database()
    .update(recordings)
    .set({ retainUntil: daysAgo(-400) })
    .where(eq(recordings.id, id));

test("a recording that is past its date on arrival is kept for seven days and then deleted", async () => {
  const young = await arrived();
  const nearly = await arrived(sevenDaysMs - 60_000);
  const old = await arrived(sevenDaysMs + 1000);
  const result = await run();
  expect(result).toMatchObject({ state: "finished", due: 1, deleted: 1, remaining: 0, held: 0, justArrived: 2 });
  expect(isOnDisk([...young.keys, ...nearly.keys])).toBe(true);
  expect([await row(young.id), await row(nearly.id), await row(old.id)].map(({ state }) => state)).toEqual([
    "stored",
    "stored",
    "deleted",
  ]);

  const report = await readRetentionRun(admin(), { runId: result.runId });
  const share = { due: 1, deleted: 1, justArrived: 2, held: 0, remaining: 0 };
  expect(report).toMatchObject({
    justArrived: 2,
    byPolicy: [{ id: policyId, ...share }],
    byUnit: [{ id: unitId, ...share }],
  });

  // The database's clock decides when the seven days are over.
  await database()
    .update(recordings)
    .set({ storedAt: sql`date_trunc('milliseconds', now()) - interval '168 hours'` })
    .where(eq(recordings.id, nearly.id));
  expect(await run()).toMatchObject({ deleted: 1, justArrived: 1 });
  await remove(young.id);
});

test("preview, forecast, list and page agree on which recordings are left alone, and until when", async () => {
  const due = await arrived(sevenDaysMs + hourMs);
  const young = await arrived(2 * 24 * hourMs);
  const { storedAt } = await row(young.id);
  const goes = new Date(storedAt!.getTime() + sevenDaysMs);

  const preview = await previewRetention(job(), { limit: 100 });
  expect(preview.recordings.map(({ recordingId }) => recordingId)).toEqual([due.id]);
  expect(preview).toMatchObject({ justArrived: 1, waitingForChange: 0, totals: [{ recordings: 1 }] });

  const forecast = await forecastRetention(admin(), { days: 30 });
  expect(forecast.dueNow.recordings).toBe(1);
  expect(forecast.dueLaterToday.recordings).toBe(0);
  const days = forecast.days.filter(({ recordings: count }) => count > 0);
  expect(days).toMatchObject([{ day: localDay(goes), recordings: 1, shares: [{ policyId, recordings: 1 }] }]);

  expect(await dueIds(forecast.today)).toEqual([due.id]);
  expect(await dueIds(localDay(goes, -24 * hourMs))).toEqual([due.id]);
  expect(await dueIds(localDay(goes))).toEqual([due.id, young.id].sort());
  const onTheDay = { unitId, state: "stored" as const, dueFrom: localDay(goes), dueTo: localDay(goes) };
  expect((await listRecordings(admin(), onTheDay)).rows.map(({ id }) => id)).toEqual([young.id]);

  expect(await readRecording(admin(), { recordingId: young.id })).toMatchObject({ protectedUntil: goes });
  expect(await readRecording(admin(), { recordingId: due.id })).toMatchObject({ protectedUntil: null });
  await run();
  expect(await readRecording(admin(), { recordingId: due.id })).toMatchObject({
    state: "deleted",
    protectedUntil: null,
  });
  await remove(young.id);
});

test("a recording whose seven days end later today is due later today and on no other day", async () => {
  const [lastMinute] = await database().execute<{ at: Date }>(
    sql`select (date_trunc('day', now() at time zone ${env().CONTROLLER_TIME_ZONE})
      + interval '1 day' - interval '1 second') at time zone ${env().CONTROLLER_TIME_ZONE} as at`,
  );
  const end = new Date(lastMinute!.at);
  const { id } = await arrived();
  await database()
    .update(recordings)
    .set({ storedAt: new Date(end.getTime() - sevenDaysMs) })
    .where(eq(recordings.id, id));
  const { dueNow, dueLaterToday, days, today } = await forecastRetention(admin(), {});
  expect([dueNow.recordings, dueLaterToday]).toEqual([0, { recordings: 1, sizeBytes: 64 }]);
  expect(days.every(({ recordings: count }) => count === 0)).toBe(true);
  expect(await dueIds(today)).toEqual([id]);
  await remove(id);
});

test("a date within the seven days waits for their end; a later date is not moved", async () => {
  const soon = await arrived(24 * hourMs, 89);
  const later = await arrived(24 * hourMs, 60);
  const { storedAt } = await row(soon.id);
  const read = async (recordingId: string) => (await readRecording(admin(), { recordingId })).protectedUntil;
  expect(await read(soon.id)).toEqual(new Date(storedAt!.getTime() + sevenDaysMs));
  expect(await read(later.id)).toBeNull();
  await Promise.all([remove(soon.id), remove(later.id)]);
});

test("a recording under a hold is counted as held only", async () => {
  const young = await arrived();
  const dpo = await person("dpo");
  await placeHold(dpo.context, {
    matter: "Processo 0009",
    reason: "Ação em curso",
    ownerId: dpo.userId,
    reviewOn: "2099-01-31",
    selection: { recordingIds: [young.id] },
  });
  expect(await run()).toMatchObject({ due: 0, held: 1, justArrived: 0, remaining: 0 });
  expect(await forecastRetention(admin(), {})).toMatchObject({ dueNow: { recordings: 0 }, held: 1 });
  await remove(young.id);
});

test("a deletion order does not wait for the seven days", async () => {
  const young = await arrived();
  const preview = await previewDeletionOrder(jobOf("deletion-order"), { unitId });
  expect(preview).toMatchObject({ recordings: 1 });
  const { orderId } = await orderDeletion(jobOf("deletion-order"), {
    selection: { unitId },
    justification: "Pedido da controladora",
    acknowledgedRecordings: 1,
  });
  await runDeletionOrder(jobOf("deletion-order"), orderId, {
    ...{ stores: configuredStores(), runId: null, batchSize: 250 },
  });
  expect((await row(young.id)).state).toBe("deleted");
});

test("the store scan reports it as overdue one day after its seven days, not earlier", async () => {
  const [young, late] = [await arrived(sevenDaysMs + 25 * hourMs), await arrived(sevenDaysMs + 27 * hourMs)];
  const found = await listPastRetention(jobOf("store-scan"), { cursor: null, limit: 100 });
  expect(found.map(({ id }) => id)).toEqual([late.id]);
  await Promise.all([remove(young.id), remove(late.id)]);
});
