import { expect, it } from "vitest";
import { markOrderBatch } from "@/lib/deletion/orders/mark-order-batch";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { readDeletionOrder } from "@/lib/deletion/orders/read-deletion-order";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { summaryReceiptResponse } from "@/lib/http/receipt-response";
import { listMissedRecordings } from "@/lib/legal-holds/list-missed-recordings";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { configuredStores } from "@/lib/storage/configured-store";
import { auditorContext } from "../../support/log-under-test";
import { facts } from "../../support/holds";
import { admin, daysAgo, isOnDisk, job, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";
import { contextOf, person } from "../../support/actors";
import { check, sealAll } from "../../support/deletions";

it("an order that lost a recording to a hold counts it, and its receipt verifies", async () => {
  await policy(90);
  const dpo = await person("dpo");
  const { unitId } = await unitWithQueue();
  const [kept, ...others] = await Promise.all(
    [5, 6, 7].map((age) => storedRecording({ unitId, startedAt: daysAgo(age) })),
  );
  const { orderId } = await orderDeletion(job(), {
    selection: { unitId },
    justification: "Unidade encerrada",
    acknowledgedRecordings: 3,
  });
  expect((await markOrderBatch(job(), { orderId, limit: 10 })).recordingIds).toHaveLength(3);
  const { holdId, ...placed } = await placeHold(contextOf(dpo.actor), {
    ...facts(dpo.userId),
    selection: { recordingIds: [kept!.id] },
  });
  expect(placed).toMatchObject({ held: 1, broughtBack: 1, tooLate: 0 });
  await runDeletionOrder(job(), orderId, {
    stores: configuredStores(),
    runId: null,
    batchSize: 250,
  });

  expect(await row(kept!.id)).toMatchObject({ state: "stored", deletionOrderId: null, deletionReason: null });
  expect(isOnDisk(kept!.keys)).toBe(true);
  for (const { id } of others) expect((await row(id)).state).toBe("deleted");
  expect(await readDeletionOrder(admin(), { orderId })).toMatchObject({
    state: "finished",
    expected: 3,
    marked: 3,
    kept: 1,
    deleted: 2,
    waiting: 0,
  });
  expect((await listMissedRecordings(contextOf(dpo.actor), { holdId })).rows).toEqual([]);

  await sealAll();
  const issued = await issueOrderReceipt(auditorContext(), { orderId, format: "json" });
  const text = await (await summaryReceiptResponse(issued)).text();
  expect(await check(text)).toMatchObject({ holds: true, listed: 2, problems: [] });
  expect(JSON.parse(text.trimEnd().split("\n").at(-1)!)).toMatchObject({
    receipt: { order: { expected: 3, marked: 3, kept: 1 } },
  });
});
