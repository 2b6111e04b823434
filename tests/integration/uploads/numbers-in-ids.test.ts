import { eq, inArray, sql } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { setWebhook } from "@/lib/access/webhooks/set-webhook";
import { blindIndex } from "@/lib/core/crypto/blind-index";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, recordings, suppressedCalls, webhookDeliveries } from "@/lib/db/schema";
import { eraseMarked } from "@/lib/deletion/erase-marked";
import { markForDeletion, type MarkRequest } from "@/lib/deletion/mark-for-deletion";
import { drain } from "@/lib/jobs/drain";
import { readWaitingWebhook } from "@/lib/notifications/read-waiting-webhook";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { numberRenewalJob } from "@/lib/recordings/numbers/number-renewal-job";
import { withoutNumbers } from "@/lib/recordings/numbers/source-ids";
import { configuredStores } from "@/lib/storage/configured-store";
import { audioOf, smallAudio, type Audio } from "../../support/audio-fixtures";
import { job, operator } from "../../support/people";
import { call } from "../../support/portal";
import {
  askTicket,
  callMetadata,
  completeTicket,
  phoneSystem,
  problemOf,
  recordingRow,
  sendBytes,
  storedRecording,
  type PhoneSystem,
  type Ticket,
} from "../../support/uploads";

let system: PhoneSystem;
beforeAll(async () => {
  system = await phoneSystem();
});

let counter = 0;
/** A call id as phone systems write it, with the customer's number. */
const idWithNumber = () => `q-600-1194${String((counter += 1)).padStart(7, "0")}-20261120-1795194202.${counter}`;
const storedForm = (id: string) => withoutNumbers("central", id);

const part = (number: number): Audio => {
  const { name, bytes, contentType } = smallAudio();
  return audioOf(name, Buffer.concat([bytes, Buffer.alloc(64 * number)]), contentType);
};
const ask = (changes: Record<string, unknown>, file = smallAudio()) =>
  askTicket(system.headers, callMetadata(system.unitCode, file, changes));
const store = (changes: Record<string, unknown>, file = smallAudio()) => storedRecording(system, file, changes);

/** Gives a row the ids that the release before stored: as the sender gave them. */
const asBefore = (id: string, ids: { sourceCallId: string; sourceRecordingId?: string }) =>
  database()
    .update(recordings)
    .set({ ...ids, numberVersion: 2 })
    .where(eq(recordings.id, id));

async function renew() {
  await database()
    .insert(jobs)
    .values({ id: newId(), kind: "number_renewal", key: "all", payload: {}, runAt: new Date() })
    .onConflictDoUpdate({
      target: [jobs.kind, jobs.key],
      targetWhere: sql`dead_at is null`,
      set: { runAt: new Date(0) },
    });
  expect((await drain(60, { number_renewal: numberRenewalJob })).number_renewal?.failed ?? 0).toBe(0);
}

describe("a number in an id", () => {
  test("is stored, answered, logged and sent as its digest", async () => {
    const sourceCallId = idWithNumber();
    const { serviceAccountId } = system;
    await setWebhook(operator(), { serviceAccountId, url: "https://pbx.example.com/hook" });
    const id = await store({ sourceCallId, sourceRecordingId: `${sourceCallId}.wav` });
    const row = await recordingRow(id);
    expect(row.sourceCallId).toMatch(/^q-600-number-[a-p]{16}-20261120-1795194202\.\d+$/);
    expect(row.sourceRecordingId).toMatch(/^q-600-number-[a-p]{16}-20261120-1795194202\.\d+\.wav$/);
    const number = sourceCallId.split("-")[2]!;
    const answer = await (await call("GET", `/api/recordings/${id}`, { headers: system.headers })).text();
    expect(JSON.parse(answer)).toMatchObject({ sourceCallId: storedForm(sourceCallId) });
    const events = await database().select().from(auditEvents).where(eq(auditEvents.targetId, id));
    const [delivery] = await database().select().from(webhookDeliveries).where(eq(webhookDeliveries.recordingId, id));
    const message = await readWaitingWebhook(job("webhook"), { deliveryId: delivery!.id });
    expect(message).toMatchObject({ message: { data: { recordingId: id, sourceCallId: storedForm(sourceCallId) } } });
    const text = JSON.stringify([answer, row, events, message], (_, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
    expect(text).not.toContain(number);
    expect(text).toContain(storedForm(sourceCallId));
  });

  test("leads a repeated request to its recording, also with the id that the portal answered", async () => {
    const sourceCallId = idWithNumber();
    const id = await store({ sourceCallId });
    for (const again of [sourceCallId, storedForm(sourceCallId)]) {
      const response = await ask({ sourceCallId: again });
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ id, state: "stored" });
    }
    const other = (await (await ask({ sourceCallId: idWithNumber() })).json()) as Ticket;
    expect(other).toMatchObject({ state: "pending" });
    expect(other.id).not.toBe(id);
  });

  test("does not change an id without one", async () => {
    const sourceCallId = `1795194202.${(counter += 1)}`;
    expect(await recordingRow(await store({ sourceCallId }))).toMatchObject({ sourceCallId });
  });
});

describe("rows of an earlier release", () => {
  test("are found by a repeated request, which replaces the number", async () => {
    const [sourceCallId, sourceRecordingId] = [idWithNumber(), "11940001234.wav"];
    const id = await store({ sourceCallId, sourceRecordingId });
    const sibling = await store({ sourceCallId }, part(1));
    await asBefore(id, { sourceCallId, sourceRecordingId });
    await asBefore(sibling, { sourceCallId });
    const response = await ask({ sourceCallId, sourceRecordingId });
    expect(await response.json()).toMatchObject({ id, state: "stored" });
    expect(await (await ask({ sourceCallId }, part(1))).json()).toMatchObject({ id: sibling, state: "stored" });
    expect(await (await ask({ sourceCallId }, part(2))).json()).toMatchObject({ state: "pending" });
    for (const each of [id, sibling])
      expect(await recordingRow(each)).toMatchObject({ sourceCallId: storedForm(sourceCallId) });
  });

  test("are completed, also after another request has renamed them", async () => {
    const sourceCallId = idWithNumber();
    const [first, second] = await Promise.all([
      ask({ sourceCallId }).then(async (response) => (await response.json()) as Ticket),
      ask({ sourceCallId }, part(1)).then(async (response) => (await response.json()) as Ticket),
    ]);
    for (const ticket of [first, second]) await asBefore(ticket.id, { sourceCallId });
    await sendBytes(first, smallAudio().bytes);
    expect((await completeTicket(system.headers, first)).status).toBe(200);
    await sendBytes(second, part(1).bytes);
    expect((await ask({ sourceCallId }, part(2))).status).toBe(201);
    expect((await completeTicket(system.headers, second)).status).toBe(200);
    expect(await recordingRow(second.id)).toMatchObject({ state: "stored", sourceCallId: storedForm(sourceCallId) });
  });

  test("are renamed by the job, except uploads under way; two rows of one id stay two", async () => {
    const [sourceCallId, twice] = [idWithNumber(), idWithNumber()];
    const id = await store({ sourceCallId });
    await asBefore(id, { sourceCallId });
    const pending = (await (await ask({ sourceCallId: idWithNumber() })).json()) as Ticket;
    const underWay = idWithNumber();
    await asBefore(pending.id, { sourceCallId: underWay });
    const [kept, doubled] = [await store({ sourceCallId: twice }), await store({ sourceCallId: idWithNumber() })];
    await asBefore(doubled, { sourceCallId: twice });
    await renew();
    expect(await recordingRow(id)).toMatchObject({ sourceCallId: storedForm(sourceCallId), numberVersion: 3 });
    expect(await recordingRow(pending.id)).toMatchObject({ sourceCallId: underWay, numberVersion: 2 });
    const [one, two] = [await recordingRow(kept), await recordingRow(doubled)];
    expect([one.sourceCallId, two.sourceCallId]).toEqual([storedForm(twice), storedForm(twice)]);
    expect(two.sourceRecordingId).toBe(`${one.sourceRecordingId}-${doubled}`);
    // The job comes back for what was under way.
    expect(await database().$count(jobs, sql`kind = 'number_renewal' and run_at > now()`)).toBe(1);
    await database()
      .update(recordings)
      .set({ createdAt: new Date(Date.now() - 25 * 3_600_000) })
      .where(eq(recordings.id, pending.id));
    await renew();
    expect(await recordingRow(pending.id)).toMatchObject({ sourceCallId: storedForm(underWay), numberVersion: 3 });
    expect(await database().$count(jobs, sql`kind = 'number_renewal'`)).toBe(0);
  });
});

describe("after a deletion", () => {
  async function remove(caller: MarkRequest["caller"], id: string) {
    await database().execute(sql`update upload_tickets set expires_at = now() - interval '2 hours'
      where recording_id = ${id}`);
    await auditedTransaction((tx) =>
      markForDeletion(tx, { caller, condition: inArray(recordings.id, [id]), orderId: null, limit: 10 }),
    );
    const options = { stores: configuredStores(), runId: null, batchSize: 1 };
    expect(await eraseMarked(job(), options, { recordingIds: [id] })).toMatchObject({ deleted: 1 });
  }
  const expectRefused = async (changes: Record<string, unknown>, file?: Audio) =>
    expect(await problemOf(await ask(changes, file))).toMatchObject({ code: "already_deleted" });

  test("the recording is refused by the id as its sender gives it, and another call of the number is not", async () => {
    const sourceCallId = idWithNumber();
    await remove("order", await store({ sourceCallId, sourceRecordingId: "in" }));
    await expectRefused({ sourceCallId });
    await expectRefused({ sourceCallId, sourceRecordingId: "in" }, part(1));
    expect((await ask({ sourceCallId: `${sourceCallId}-2` })).status).toBe(201);
  });

  test("a row that an earlier release wrote is refused too, before and after it was renamed", async () => {
    for (const renewedFirst of [false, true]) {
      const sourceCallId = idWithNumber();
      const id = await store({ sourceCallId });
      await asBefore(id, { sourceCallId });
      if (renewedFirst) await renew();
      await remove("request", id);
      await expectRefused({ sourceCallId });
      await expectRefused({ sourceCallId }, part(1));
    }
  });

  test("what an earlier release deleted stays refused: its digests are those of the sender's ids", async () => {
    const [erased, deleted] = [idWithNumber(), idWithNumber()];
    const digest = (...ids: string[]) => `deleted:${blindIndex("source_recording", ids.join("\0")).toString("hex")}`;
    const callDigest = (id: string) => `deleted:${blindIndex("source_call", `central\0${id}`).toString("hex")}`;
    await database()
      .insert(suppressedCalls)
      .values({ callId: callDigest(erased) });
    await expectRefused({ sourceCallId: erased });
    const id = await store({ sourceCallId: deleted, sourceRecordingId: "in" });
    await remove("order", id);
    await database()
      .update(recordings)
      .set({ sourceCallId: callDigest(deleted), sourceRecordingId: digest("central", deleted, "in") })
      .where(eq(recordings.id, id));
    await expectRefused({ sourceCallId: deleted, sourceRecordingId: "in" }, part(1));
    await expectRefused({ sourceCallId: deleted });
    expect((await ask({ sourceCallId: deleted }, part(1))).status).toBe(201);
  });
});
