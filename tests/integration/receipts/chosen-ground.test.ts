import { beforeAll, expect, it } from "vitest";
import { listDeletionOrders } from "@/lib/deletion/orders/list-deletion-orders";
import { orderDeletion } from "@/lib/deletion/orders/order-deletion";
import { eraseQuarantined } from "@/lib/deletion/erase-quarantined";
import { wordsDigest } from "@/lib/deletion/legal-ground";
import { recordingReceiptResponse, summaryReceiptResponse } from "@/lib/http/receipt-response";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import type { OrderReceipt } from "@/lib/receipts/receipt-schema";
import { quarantineRecording } from "@/lib/recordings/quarantine/quarantine-recording";
import { readRecording } from "@/lib/recordings/read-recording";
import { configuredStores } from "@/lib/storage/configured-store";
import { extractText, getDocumentProxy } from "unpdf";
import { contextOf, eventsOf, expectRefusal, person } from "../../support/actors";
import { workOff } from "../../support/background-jobs";
import { check, clean, sealAll } from "../../support/deletions";
import { admin, daysAgo, policy, storedRecording, unitWithQueue } from "../../support/recordings";

type Ground = Parameters<typeof clean>[4];

beforeAll(async () => {
  await policy(3650);
});

const pdfText = async (response: Response) => {
  const pdf = await getDocumentProxy(new Uint8Array(await response.arrayBuffer()));
  return (await extractText(pdf, { mergePages: true })).text.replaceAll(/\s+/g, " ");
};

/** Deletes one recording by an order under a ground, and reads both of its certificates. */
async function certified(ground: Ground) {
  const place = await unitWithQueue();
  const { id: recordingId } = await storedRecording({ ...place, startedAt: daysAgo(5) });
  const context = admin();
  const orderId = await clean(place.unitId, 1, context, configuredStores(), ground);
  await sealAll();
  const file = await (await summaryReceiptResponse(await issueOrderReceipt(admin(), { orderId }))).text();
  const { order } = (JSON.parse(file.trimEnd().split("\n").at(-1)!) as { receipt: OrderReceipt }).receipt;
  const [ordered] = await eventsOf(context);
  const said = await pdfText(
    await summaryReceiptResponse(await issueOrderReceipt(admin(), { orderId, format: "pdf" })),
  );
  const ofOne = await pdfText(
    await recordingReceiptResponse(await issueRecordingReceipt(admin(), { recordingId, format: "pdf" })),
  );
  const [row] = (await listDeletionOrders(admin(), {})).rows;
  return { recordingId, file, order, ordered: ordered!.details, said, ofOne, row: row! };
}

it("none chosen is none stated, on order, event and both certificates", async () => {
  const { file, order, ordered, said, ofOne, row, recordingId } = await certified({ legalGround: "" as never });
  expect(await check(file)).toMatchObject({ holds: true, problems: [] });
  expect([order.legalGrounds, order.groundWords, row.legalGround]).toEqual([[], undefined, null]);
  expect(ordered).not.toHaveProperty("legalGround");
  for (const text of [said, ofOne]) expect(text).toContain("Fundamento não informado por quem decidiu");
  expect((await readRecording(admin(), { recordingId })).deletionOrder).toMatchObject({ ground: null });
});

it("the chosen provision stands on order, event, recording and both certificates, and no other verifies", async () => {
  const chosen = await certified({ legalGround: "lgpd_15_iii", legalGroundWords: "não é lido" });
  expect(await check(chosen.file)).toMatchObject({ holds: true, problems: [] });
  expect([chosen.order.legalGrounds, chosen.row.legalGround, chosen.row.legalGroundWords]).toEqual([
    ["lgpd_15_iii"],
    "lgpd_15_iii",
    null,
  ]);
  expect(chosen.ordered).toMatchObject({ legalGround: "lgpd_15_iii" });
  for (const text of [chosen.said, chosen.ofOne])
    expect(text).toContain("Fundamento LGPD, art. 15, III (comunicação do titular)");
  const { recordingId, file } = chosen;
  expect((await readRecording(admin(), { recordingId })).deletionOrder).toMatchObject({
    ground: { code: "lgpd_15_iii", words: null },
  });
  for (const other of ['"legalGrounds":["lgpd_15_i"]', '"legalGrounds":[]']) {
    const { problems } = await check(file.replace('"legalGrounds":["lgpd_15_iii"]', other));
    expect(problems.map((problem) => problem.check)).toContain("statement");
  }
});

it("another provision is stated in the words of who chose it, and the log has their digest alone", async () => {
  const words = "Resolução interna 7, item 3";
  const { file, order, ordered, said, ofOne, row } = await certified({
    ...{ legalGround: "other" as const, legalGroundWords: ` ${words} ` },
  });
  expect(await check(file)).toMatchObject({ holds: true, problems: [] });
  expect([order.legalGrounds, order.groundWords, row.legalGroundWords]).toEqual([["other"], words, words]);
  expect(ordered).toMatchObject({ legalGround: "other", legalGroundSha256: wordsDigest(words) });
  expect(JSON.stringify(ordered)).not.toContain("interna");
  for (const text of [said, ofOne]) expect(text).toContain(`Fundamento ${words}`);
});

it("is a known one, and another needs words", async () => {
  const place = await unitWithQueue();
  await storedRecording({ ...place, startedAt: daysAgo(5) });
  const order = (ground: object) =>
    orderDeletion(admin(), {
      ...{ selection: { unitId: place.unitId }, justification: "Teste", acknowledgedRecordings: 1, ...ground },
    });
  await expectRefusal(order({ legalGround: "other", legalGroundWords: " " }), "invalid_input", {
    legalGroundWords: "required",
  });
  await expectRefusal(order({ legalGround: "lgpd_99" }), "invalid_input", { legalGround: "invalid_union" });
});

it("of a recording with card data is stated too", async () => {
  const { unitId } = await unitWithQueue();
  const { id: recordingId } = await storedRecording({ unitId, startedAt: daysAgo(3) });
  const as = contextOf((await person("dpo")).actor);
  await quarantineRecording(as, { recordingId });
  const ground = { legalGround: "lgpd_18_iv" as const };
  const { orderId } = await eraseQuarantined(as, { recordingId, justification: "A pausa falhou", ...ground });
  await workOff("deletion_order");
  await sealAll();
  const text = await (await summaryReceiptResponse(await issueOrderReceipt(as, { orderId }))).text();
  expect(await check(text)).toMatchObject({ holds: true, problems: [] });
  expect(text).toContain('"legalGrounds":["lgpd_18_iv"]');
  const one = await (await recordingReceiptResponse(await issueRecordingReceipt(as, { recordingId }))).text();
  expect(await check(one)).toMatchObject({ holds: true, problems: [] });
  expect(one).toContain('"legalGrounds":["lgpd_18_iv"]');
});
