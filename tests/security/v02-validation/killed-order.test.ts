import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { deletionOrders } from "@/lib/db/schema";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { sealAll } from "../../support/deletions";
import { loadTypescript } from "../../support/load-typescript";
import { admin, daysAgo, eventsAbout, isOnDisk, policy, row } from "../../support/recordings";
import { storedRecording, unitWithQueue } from "../../support/recordings";

const program = fileURLToPath(new URL("./killed-order.ts", import.meta.url));
const count = 6;

beforeAll(() => policy(365));

const runUntilKilled = (...args: string[]) =>
  new Promise<unknown>((resolve) =>
    execFile(process.execPath, ["--import", loadTypescript, program, ...args], { env: process.env }, (error) =>
      resolve(error?.signal ?? error?.code),
    ),
  );

// Two keys of each recording: the last is erased and proved absent just before all are confirmed.
test.each([
  ["after-delete", 6],
  ["before-confirm", 2 * count - 1],
])("an order killed %s (after %i calls) says nothing that is not so, and the next run finishes it", async (...at) => {
  const { unitId } = await unitWithQueue();
  const all = await Promise.all(
    Array.from({ length: count }, () => storedRecording({ unitId, startedAt: daysAgo(9) })),
  );
  const { orderId } = await orderDeletion(admin(), {
    selection: { unitId },
    justification: "Unidade encerrada",
    acknowledgedRecordings: count,
  });
  const order = async () => (await database().select().from(deletionOrders).where(eq(deletionOrders.id, orderId)))[0]!;

  expect(await runUntilKilled(orderId, at[0], String(at[1]))).toBe("SIGKILL");

  await sealAll();
  expect(await order()).toMatchObject({ state: "running", markedRecordings: count, finishedAt: null });
  await expect(issueOrderReceipt(admin(), { orderId })).rejects.toMatchObject({ code: "deletion_unfinished" });
  for (const { id } of all) {
    expect(await row(id)).toMatchObject({ state: "deleting", deletedAt: null });
    expect(await eventsAbout(id, "recording.deleted")).toEqual([]);
    const receipt = issueRecordingReceipt(admin(), { recordingId: id });
    await expect(receipt).rejects.toMatchObject({ code: "deletion_unfinished" });
  }

  await jobsTurnComes();
  await workOff("deletion_order");
  await sealAll();
  expect(await order()).toMatchObject({ state: "finished", markedRecordings: count });
  for (const { id, keys } of all) {
    expect([isOnDisk(keys), (await row(id)).state]).toEqual([false, "deleted"]);
    expect((await eventsAbout(id)).map(({ action }) => action)).toEqual([
      "recording.marked_for_deletion",
      "recording.deleted",
    ]);
  }
  expect(await issueOrderReceipt(admin(), { orderId })).toBeTruthy();
});
