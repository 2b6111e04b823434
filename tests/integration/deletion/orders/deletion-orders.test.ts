import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { carryOutOrder } from "@/lib/deletion/orders/deletion-order-job";
import { decideDeletionOrder } from "@/lib/deletion/orders/decide-deletion-order";
import { markOrderBatch } from "@/lib/deletion/orders/mark-order-batch";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { readDeletionOrder } from "@/lib/deletion/orders/read-deletion-order";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { withdrawDeletionOrder } from "@/lib/deletion/orders/withdraw-deletion-order";
import { database } from "@/lib/db/client";
import { approvals, deletionOrders, jobs, legalHoldRecordings, legalHolds, recordings } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { claimJob } from "@/lib/jobs/claim-jobs";
import { retentionCron } from "@/lib/schedule/retention-cron";
import { configuredStores } from "@/lib/storage/configured-store";
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
import { atDate } from "../../../support/at-date";
import { jobsTurnComes, workOff } from "../../../support/background-jobs";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../../support/actors";

let admin: Person;
let dpo: Person;
const again = ({ actor }: Person) => contextOf(actor);
const deletion = () => ({ stores: configuredStores(), runId: null, batchSize: 250 });
const orderRow = async (id: string) =>
  (await database().select().from(deletionOrders).where(eq(deletionOrders.id, id)))[0]!;
const calls = (unitId: string, days: number[], more: { queueId?: string } = {}) =>
  Promise.all(days.map((age) => storedRecording({ unitId, startedAt: daysAgo(age), ...more })));

async function holdOn(recordingId: string): Promise<void> {
  const id = newId();
  await database().insert(legalHolds).values({
    id,
    matter: "Processo 0001",
    reason: "Ação em curso",
    ownerId: dpo.userId,
    placedById: dpo.userId,
    reviewOn: "2027-01-31",
  });
  await database().insert(legalHoldRecordings).values({ holdId: id, recordingId });
}

async function keepUntil(recordingId: string, minimumUntil: Date): Promise<void> {
  const { retentionPolicyId } = await row(recordingId);
  await database()
    .update(recordings)
    .set({ minimumUntil, minimumPolicyId: retentionPolicyId, minimumPolicyVersion: 1 })
    .where(eq(recordings.id, recordingId));
}

beforeAll(async () => {
  await policy(365);
  [admin, dpo] = await Promise.all([person("admin"), person("dpo")]);
});

describe("the selection of a deletion order", () => {
  it("shows how many recordings would be deleted, and which stay and why", async () => {
    const { unitId, queueId } = await unitWithQueue();
    const [old, held, young, minimum] = await calls(unitId, [100, 90, 5, 80]);
    const [ofQueue] = await calls(unitId, [70], { queueId });
    await holdOn(held!.id);
    const until = localMidnight(30);
    await keepUntil(minimum!.id, until);
    const before = new Date(daysAgo(20)).toISOString().slice(0, 10);
    const preview = await previewDeletionOrder(again(admin), { unitId, before });
    expect(preview).toMatchObject({
      recordings: 2,
      sizeBytes: 128,
      held: 1,
      underMinimum: 1,
      underChange: 0,
      minimumUntil: until,
      needsSecondPerson: false,
      byUnit: [{ recordings: 2, sizeBytes: 128 }],
    });
    expect(preview.sample.map(({ recordingId }) => recordingId)).toEqual([old!.id, ofQueue!.id]);
    expect(preview.keptSample.map(({ recordingId, reason }) => [recordingId, reason])).toEqual([
      [held!.id, "held"],
      [minimum!.id, "minimum"],
    ]);
    expect(await previewDeletionOrder(again(admin), { queueId })).toMatchObject({
      recordings: 1,
      sample: [{ recordingId: ofQueue!.id, queue: "fila-1" }],
    });
    expect(await previewDeletionOrder(again(admin), { recordingIds: [young!.id, held!.id] })).toMatchObject({
      recordings: 1,
      held: 1,
    });
    expect(await row(old!.id)).toMatchObject({ state: "stored" });
  });

  it("is refused when the form is empty", async () => {
    for (const empty of [
      {},
      { before: "", unitId: "", queueId: "" },
      { recordingIds: [] },
      { state: "stored" as const },
    ]) {
      await expectRefusal(previewDeletionOrder(again(admin), empty), "invalid_input");
      await expectRefusal(
        orderDeletion(again(admin), { selection: empty, justification: "Pedido", acknowledgedRecordings: 10_000 }),
        "invalid_input",
      );
    }
    await expectRefusal(previewDeletionOrder(again(admin), { before: "31/12/2025" }), "invalid_input");
  });
});

describe("a deletion order", () => {
  it("deletes what was shown, leaves out what is held, and names who ordered it", async () => {
    const { unitId } = await unitWithQueue();
    const [one, two, held] = await calls(unitId, [100, 90, 80]);
    await holdOn(held!.id);
    const context = again(admin);
    const { orderId, ...order } = await orderDeletion(context, {
      selection: { unitId },
      justification: "Unidade encerrada",
      acknowledgedRecordings: 2,
    });
    expect(order).toEqual({ recordings: 2, calls: 2, state: "running" });
    await workOff("deletion_order");
    expect(await orderRow(orderId)).toMatchObject({
      state: "finished",
      markedRecordings: 2,
      requestedById: admin.userId,
    });
    expect(await readDeletionOrder(again(admin), { orderId })).toMatchObject({ deleted: 2, failed: 0, waiting: 0 });
    for (const gone of [one!, two!]) {
      expect(await row(gone.id)).toMatchObject({
        state: "deleted",
        deletionReason: "deletion_order",
        deletionOrderId: orderId,
        customerNumberEncrypted: null,
      });
      expect(isOnDisk(gone.keys)).toBe(false);
      expect(
        (await eventsAbout(gone.id)).map(({ action, details }) => [action, details.reason, details.orderId]),
      ).toEqual([
        ["recording.marked_for_deletion", "deletion_order", orderId],
        ["recording.deleted", "deletion_order", orderId],
      ]);
    }
    expect(await row(held!.id)).toMatchObject({ state: "stored" });
    expect(isOnDisk(held!.keys)).toBe(true);
    expect(await eventsOf(context)).toMatchObject([
      { action: "deletion_order.ordered", targetId: orderId, details: { recordings: 2, state: "running", unitId } },
    ]);
    expect(JSON.stringify(await eventsOf(context))).not.toContain("encerrada");
  });

  it("is refused when it would delete more than was shown, or nothing", async () => {
    const { unitId } = await unitWithQueue();
    const [one] = await calls(unitId, [100, 90]);
    await expectRefusal(
      orderDeletion(again(admin), { selection: { unitId }, justification: "Pedido", acknowledgedRecordings: 1 }),
      "conflict",
    );
    await holdOn(one!.id);
    await expectRefusal(
      orderDeletion(again(admin), {
        selection: { recordingIds: [one!.id] },
        justification: "Pedido",
        acknowledgedRecordings: 1,
      }),
      "nothing_to_delete",
    );
    expect(await row(one!.id)).toMatchObject({ state: "stored" });
  });

  it("does not include recordings that arrive later", async () => {
    const { unitId } = await unitWithQueue();
    await calls(unitId, [100]);
    const { orderId } = await orderDeletion(job(), {
      selection: { unitId },
      justification: "Pedido",
      acknowledgedRecordings: 1,
    });
    const later = await storedRecording({ unitId, startedAt: daysAgo(100) });
    await runDeletionOrder(job(), orderId, deletion());
    expect(await row(later.id)).toMatchObject({ state: "stored" });
    expect(await readDeletionOrder(job(), { orderId })).toMatchObject({
      state: "finished",
      expected: 1,
      marked: 1,
      deleted: 1,
    });
  });

  it("of a stopped process is finished by the retention job, each recording once, even by two jobs", async () => {
    const { unitId } = await unitWithQueue();
    const all = await calls(unitId, [100, 99, 98, 97, 96]);
    const { orderId } = await orderDeletion(job(), {
      selection: { unitId },
      justification: "Pedido",
      acknowledgedRecordings: 5,
    });
    await markOrderBatch(job(), { orderId, limit: 2 });
    // The portal leaves the order to the command-line tool for an hour.
    await retentionCron(job(), "50");
    expect(await readDeletionOrder(job(), { orderId })).toMatchObject({ state: "running", marked: 2 });
    await jobsTurnComes();
    await Promise.all([retentionCron(job(), "50"), retentionCron(job(), "50")]);
    await retentionCron(job(), "50");
    expect(await readDeletionOrder(job(), { orderId })).toMatchObject({ state: "finished", marked: 5, deleted: 5 });
    for (const { id } of all)
      expect((await eventsAbout(id)).map(({ action }) => action)).toEqual([
        "recording.marked_for_deletion",
        "recording.deleted",
      ]);
  });

  it("of rejected uploads removes the data of their rows, and the call can be sent again", async () => {
    const { unitId } = await unitWithQueue();
    const [one] = await calls(unitId, [100]);
    await database()
      .update(recordings)
      .set({ state: "rejected", storedAt: null, objectKey: null })
      .where(eq(recordings.id, one!.id));
    const { orderId } = await orderDeletion(job(), {
      selection: { unitId, state: "rejected" },
      justification: "Sobras",
      acknowledgedRecordings: 1,
    });
    await runDeletionOrder(job(), orderId, deletion());
    expect(await row(one!.id)).toMatchObject({
      state: "deleted",
      sourceCallId: `deleted:${one!.id}`,
      customerNumberEncrypted: null,
    });
    expect(isOnDisk(one!.keys)).toBe(false);
  });
});

describe("a deletion order above the limit", () => {
  const many = 101;

  async function largeOrder() {
    const { unitId } = await unitWithQueue();
    const [sample] = await calls(unitId, [100]);
    const like = await row(sample!.id);
    await database()
      .insert(recordings)
      .values(
        Array.from({ length: many - 1 }, () => ({
          ...like,
          id: newId(),
          sourceCallId: newId(),
          objectKey: `recordings/${newId()}`,
        })),
      );
    const context = again(admin);
    const order = await orderDeletion(context, {
      selection: { unitId },
      justification: "Unidade encerrada",
      acknowledgedRecordings: many,
    });
    const [approval] = await database().select().from(approvals).where(eq(approvals.subjectId, order.orderId));
    return { unitId, context, order, approvalId: approval!.id, sampleId: sample!.id };
  }

  it("waits for the approval of another person", async () => {
    const { unitId, context, order, approvalId, sampleId } = await largeOrder();
    expect(await previewDeletionOrder(again(admin), { unitId })).toMatchObject({
      recordings: many,
      needsSecondPerson: true,
    });
    expect(order).toMatchObject({ recordings: many, state: "awaiting_approval" });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual([
      "deletion_order.ordered",
      "approval.requested",
    ]);
    await retentionCron(job(), "50");
    await markOrderBatch(job(), { orderId: order.orderId, limit: 10 });
    expect(await row(sampleId)).toMatchObject({ state: "stored" });
    const own = again(admin);
    await expectRefusal(
      decideDeletionOrder(own, { approvalId, decision: "approved", reason: "Conferido por mim" }),
      "second_person_required",
    );
    expect(await eventsOf(own)).toMatchObject([{ action: "approval.decision_refused", outcome: "denied" }]);
    expect(await orderRow(order.orderId)).toMatchObject({ state: "awaiting_approval" });
    const second = again(dpo);
    await decideDeletionOrder(second, { approvalId, decision: "approved", reason: "Conferido por mim" });
    expect((await eventsOf(second)).map(({ action }) => action)).toEqual([
      "approval.approved",
      "deletion_order.started",
    ]);
    await workOff("deletion_order");
    expect(await readDeletionOrder(job(), { orderId: order.orderId })).toMatchObject({
      state: "finished",
      marked: many,
      deleted: many,
    });
    expect(await orderRow(order.orderId)).toMatchObject({ requestedById: admin.userId, approvedById: dpo.userId });
    await expectRefusal(
      decideDeletionOrder(again(dpo), { approvalId, decision: "approved", reason: "Conferido por mim" }),
      "conflict",
    );
  });

  it("deletes nothing when it is rejected or withdrawn", async () => {
    const refused = await largeOrder();
    await decideDeletionOrder(again(dpo), {
      approvalId: refused.approvalId,
      decision: "rejected",
      reason: "Conferido por mim",
    });
    const taken = await largeOrder();
    await expectRefusal(
      withdrawDeletionOrder(again(await person("admin")), { approvalId: taken.approvalId }),
      "not_found",
    );
    await withdrawDeletionOrder(again(admin), { approvalId: taken.approvalId });
    await retentionCron(job(), "50");
    for (const { order, sampleId } of [refused, taken]) {
      expect(await orderRow(order.orderId)).toMatchObject({ state: "rejected" });
      expect(await row(sampleId)).toMatchObject({ state: "stored" });
    }
  });
});

describe("an order at the terminal", () => {
  it("is carried out under the job's lease, and not while another process has it", async () => {
    await database().delete(jobs);
    const { unitId } = await unitWithQueue();
    const [first, second] = await calls(unitId, [50, 40]);
    const { orderId } = await orderDeletion(job(), {
      selection: { unitId },
      justification: "Unidade encerrada",
      acknowledgedRecordings: 2,
    });
    expect(await workOff("deletion_order"), "a portal leaves it to the command for a minute").toEqual({});
    const { signal } = new AbortController();
    await claimJob({ kind: "deletion_order", key: orderId, payload: { orderId } }, 60_000);
    expect(await carryOutOrder(orderId, { signal })).toBe(false);
    expect([(await row(first!.id)).state, (await row(second!.id)).state]).toEqual(["stored", "stored"]);

    // The process was killed, and its lease has run out.
    await database()
      .update(jobs)
      .set({ leasedUntil: new Date(0) })
      .where(eq(jobs.key, orderId));
    expect(await carryOutOrder(orderId, { signal: AbortSignal.abort() }), "interrupted at once").toBe(true);
    expect([(await row(first!.id)).state, (await row(second!.id)).state]).toEqual(["stored", "stored"]);
    expect(await workOff("deletion_order"), "a portal leaves an interrupted order for an hour").toEqual({});
    const inAnHour = sql<boolean>`${jobs.runAt} between now() + interval '50 minutes' and now() + interval '1 hour'`;
    expect(await database().select({ inAnHour, leasedUntil: jobs.leasedUntil }).from(jobs)).toEqual([
      { inAnHour: true, leasedUntil: null },
    ]);
    await jobsTurnComes();
    expect(await workOff("deletion_order"), "a portal continues").toEqual({ deletion_order: { done: 1, failed: 0 } });
    expect([(await row(first!.id)).state, (await row(second!.id)).state]).toEqual(["deleted", "deleted"]);
    expect(await orderRow(orderId)).toMatchObject({ state: "finished", markedRecordings: 2 });
  });

  it("is left to the command for a minute by the database's clock, whatever the host's says", async () => {
    const { unitId } = await unitWithQueue();
    await calls(unitId, [50]);
    const order = { selection: { unitId }, justification: "Unidade encerrada", acknowledgedRecordings: 1 };
    const { orderId } = await atDate(new Date(Date.now() + 3_600_000), () => orderDeletion(job(), order));
    const seconds = sql<number>`extract(epoch from ${jobs.runAt} - ${jobs.createdAt})::float8`;
    const [waiting] = await database().select({ seconds }).from(jobs).where(eq(jobs.key, orderId));
    expect(waiting!.seconds).toBeCloseTo(60, 1);
  });
});
