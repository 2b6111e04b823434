import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { deletionOrders } from "@/lib/db/schema";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import type { orderSelection } from "@/lib/deletion/orders/order-selection";
import { previewDeletionOrder } from "@/lib/deletion/orders/preview-deletion-order";
import { runDeletionOrder } from "@/lib/deletion/orders/run-deletion-order";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { receiptLine, signReceipt } from "@/lib/receipts/signed-receipt";
import { currentSigningKey } from "@/lib/audit/signing-keys";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import type { SignedReceipt } from "@/lib/receipts/receipt-schema";
import { writeSummary } from "@/lib/receipts/summary-writer";
import { requestUpload } from "@/lib/uploads/request-upload";
import { configuredStores } from "@/lib/storage/configured-store";
import type { z } from "zod";
import { contextOf, expectRefusal, person, type Person } from "../../../support/actors";
import { smallAudio } from "../../../support/audio-fixtures";
import { check, receiptFile, sealAll } from "../../../support/deletions";
import { facts } from "../../../support/holds";
import { daysAgo, eventsAbout, job, policy, row, storedRecording, unitWithQueue } from "../../../support/recordings";
import { callMetadata, phoneSystem } from "../../../support/uploads";

let admin: Person;
let dpo: Person;
let places: { unitId: string }[];

beforeAll(async () => {
  await policy(365);
  [admin, dpo] = [await person("admin"), await person("dpo")];
  places = [await unitWithQueue(), await unitWithQueue()];
});

const again = ({ actor }: Person) => contextOf(actor);
const storeLeg = async (sourceCallId: string, place = 0) =>
  (await storedRecording({ unitId: places[place]!.unitId, startedAt: daysAgo(20), sourceCallId })).id;

type Selection = z.input<typeof orderSelection>;
const preview = (selection: Selection) => previewDeletionOrder(again(admin), selection);

async function order(selection: Selection, acknowledgedRecordings: number) {
  return orderDeletion(again(admin), { selection, justification: "Teste", acknowledgedRecordings });
}

/** A batch of one: the first recording of a call is deleted before the second is marked. */
const carryOut = (orderId: string) =>
  runDeletionOrder(job(), orderId, { stores: configuredStores(), runId: null, batchSize: 1 });
const statesOf = (ids: string[]) => Promise.all(ids.map(async (id) => (await row(id)).state));

async function isRefused(sourceCallId: string): Promise<boolean> {
  const system = await phoneSystem();
  const asked = requestUpload(system.context(), callMetadata(system.unitCode, smallAudio(), { sourceCallId }) as never);
  return asked.then(
    () => false,
    (error: { code: string }) => error.code === "already_deleted",
  );
}

describe("a deletion order", () => {
  test("says before how many recordings of how many calls it deletes, and of which others stay", async () => {
    const [callId, otherId] = [newId(), newId()];
    const legs = [await storeLeg(callId), await storeLeg(callId), await storeLeg(callId, 1)];
    const other = await storeLeg(otherId);
    const ids = [legs[0]!, other];
    expect(await preview({ recordingIds: ids })).toMatchObject({ recordings: 2, calls: 2, partlyKept: 1 });
    expect(await preview({ recordingIds: ids, wholeCalls: true })).toMatchObject({
      ...{ recordings: 4, calls: 2, partlyKept: 0 },
    });
    expect(await preview({ unitId: places[1]!.unitId })).toMatchObject({ recordings: 1, calls: 1, partlyKept: 1 });
    await expectRefusal(preview({ wholeCalls: true }), "invalid_input");
  });

  test("of whole calls deletes what they had when it was ordered, and refuses them from then on", async () => {
    const callId = newId();
    const legs = [await storeLeg(callId), await storeLeg(callId, 1)];
    const selection = { recordingIds: [legs[1]!], wholeCalls: "yes" as const };
    await expectRefusal(order(selection, 1), "conflict");
    const { orderId, ...ordered } = await order(selection, 2);
    expect(ordered).toMatchObject({ recordings: 2, calls: 1 });
    expect(await eventsAbout(orderId, "deletion_order.ordered")).toMatchObject([
      { details: { recordings: 2, calls: 1, recordingIds: legs.toSorted(), wholeCalls: "yes" } },
    ]);
    await carryOut(orderId);
    expect(await statesOf(legs)).toEqual(["deleted", "deleted"]);
    expect(await isRefused(callId)).toBe(true);
    const [ofOrder] = await database().select().from(deletionOrders).where(eq(deletionOrders.id, orderId));
    expect(ofOrder!.expectedCalls).toBe(1);
  });

  test("of recordings refuses these alone, and leaves the others of the call", async () => {
    const callId = newId();
    const legs = [await storeLeg(callId), await storeLeg(callId)];
    await carryOut((await order({ recordingIds: [legs[0]!] }, 1)).orderId);
    expect(await statesOf(legs)).toEqual(["deleted", "stored"]);
    await carryOut((await order({ recordingIds: [legs[1]!] }, 1)).orderId);
    expect(await isRefused(callId)).toBe(false);
  });

  test("of whole calls leaves what a legal hold keeps, and does not refuse its call", async () => {
    const callId = newId();
    const legs = [await storeLeg(callId), await storeLeg(callId)];
    const selection = { recordingIds: [legs[1]!], onlyThese: true };
    await placeHold(again(dpo), { ...facts(dpo.userId), selection });
    expect(await preview({ recordingIds: legs, wholeCalls: true })).toMatchObject({
      ...{ recordings: 1, calls: 1, partlyKept: 1, held: 1 },
    });
    await carryOut((await order({ recordingIds: legs, wholeCalls: true }, 1)).orderId);
    expect(await statesOf(legs)).toEqual(["deleted", "stored"]);
    expect(await isRefused(callId)).toBe(false);
  });
});

describe("receipts", () => {
  test("name the call of each recording by its digest, and how many calls an order deleted", async () => {
    const [callId, otherId] = [newId(), newId()];
    const legs = [await storeLeg(callId), await storeLeg(callId), await storeLeg(otherId)];
    const { orderId } = await order({ recordingIds: legs }, 3);
    await carryOut(orderId);
    await sealAll();
    const calls = await Promise.all(
      legs.map(async (id) => {
        const text = await receiptFile(id);
        expect(await check(text)).toMatchObject({ holds: true });
        const { receipt } = JSON.parse(text) as SignedReceipt;
        return receipt.scope === "recording" ? receipt.recording.call : null;
      }),
    );
    expect(calls[0]).toMatch(/^[0-9a-f]{32}$/);
    expect([calls[0] === calls[1], calls[0] === calls[2]]).toEqual([true, false]);

    const { plan } = await issueOrderReceipt(again(admin), { orderId });
    let text = "";
    for await (const piece of writeSummary(plan)) text += piece.toString();
    expect(await check(text)).toMatchObject({ holds: true, listed: 3 });
    for (const callOf of calls) expect(text).toContain(`"call":"${callOf}"`);
    expect(text).not.toContain(callId);

    const lines = text.trimEnd().split("\n");
    const { receipt } = JSON.parse(lines.at(-1)!) as SignedReceipt;
    if (receipt.scope !== "order") throw new Error("not the receipt of an order");
    expect(receipt.order.calls).toBe(2);
    receipt.order.calls = 3;
    const forged = [...lines.slice(0, -1), receiptLine(signReceipt(receipt, currentSigningKey()))].join("\n");
    expect(await check(forged)).toMatchObject({ holds: false });
  });
});
