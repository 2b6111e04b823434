import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { deletionOrders, users } from "@/lib/db/schema";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { readRecording } from "@/lib/recordings/read-recording";
import { configuredStores } from "@/lib/storage/configured-store";
import { contextOf, person, type Person } from "../../../support/actors";
import { daysAgo, job, policy, storedRecording, unitWithQueue } from "../../../support/recordings";

let [admin, dpo]: Person[] = [];

beforeAll(async () => {
  await policy(365);
  [admin, dpo] = [await person("admin"), await person("dpo")];
});

const seenBy = async ({ actor }: Person, recordingId: string) =>
  (await readRecording(contextOf(actor), { recordingId })).deletionOrder;

const nameOf = async ({ userId }: Person) =>
  (await database().select({ name: users.name }).from(users).where(eq(users.id, userId)))[0]!.name;

async function ordered(by: Parameters<typeof orderDeletion>[0]) {
  const { unitId } = await unitWithQueue();
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(10) });
  const asked = { selection: { unitId }, justification: "Unidade encerrada", acknowledgedRecordings: 1 };
  const { orderId } = await orderDeletion(by, asked);
  await runDeletionOrder(job(), orderId, { stores: configuredStores(), runId: null, batchSize: 250 });
  return { id, orderId, unitId };
}

test("the page of a recording names who ordered its deletion, who approved it, and why", async () => {
  const { id, orderId, unitId } = await ordered(contextOf(admin!.actor));
  const supervisor = await person("supervisor", { unitIds: [unitId] });
  await database().update(deletionOrders).set({ approvedById: dpo!.userId }).where(eq(deletionOrders.id, orderId));
  const order = {
    ...{ by: { type: "user", id: admin!.userId, name: await nameOf(admin!) }, approvedBy: await nameOf(dpo!) },
    ...{ orderedAt: expect.any(Date), justification: "Unidade encerrada", ground: null },
  };
  expect(await seenBy(dpo!, id)).toEqual(order);
  expect(await seenBy(supervisor, id)).toEqual({ ...order, justification: null });
});

test("a command that ordered it is named, too", async () => {
  const { id } = await ordered(job());
  expect(await seenBy(admin!, id)).toMatchObject({ by: { type: "job", name: null }, approvedBy: null });
});

test("the protocol of a request is for those who read requests", async () => {
  const { id, orderId } = await ordered(contextOf(admin!.actor));
  await database()
    .update(deletionOrders)
    .set({ reason: "erasure", justification: "Requisição 2026-000001" })
    .where(eq(deletionOrders.id, orderId));
  expect((await seenBy(dpo!, id))!.justification).toBe("Requisição 2026-000001");
  expect((await seenBy(admin!, id))!.justification).toBeNull();
});

test("a recording that nobody ordered deleted has no order", async () => {
  const { unitId } = await unitWithQueue();
  const { id } = await storedRecording({ unitId, startedAt: daysAgo(10) });
  expect(await seenBy(admin!, id)).toBeNull();
});
