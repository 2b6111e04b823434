import { beforeAll, expect, it } from "vitest";
import { eraseQuarantined } from "@/lib/deletion/erase-quarantined";
import { recordingReceiptResponse, summaryReceiptResponse } from "@/lib/http/receipt-response";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueRecordingReceipt } from "@/lib/receipts/issue-recording-receipt";
import { quarantineRecording } from "@/lib/recordings/quarantine/quarantine-recording";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { getDocumentProxy, extractText } from "unpdf";
import { contextOf, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf } from "../../support/analysed-requests";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { check, sealAll } from "../../support/deletions";
import { policyTerms } from "../../support/policies";
import { admin, daysAgo, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

let [dpo, substitute]: Person[] = [];
let unitId: string;
const as = ({ actor }: Person) => contextOf(actor);

beforeAll(async () => {
  [dpo, substitute] = await Promise.all([person("dpo"), person("dpo")]);
  ({ unitId } = await unitWithQueue());
  await policy(3650);
  const terms = { ...policyTerms(3650, { name: "Pesquisa", match: { unitId } }), legalBasis: "art7_i" as const };
  await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
});

async function done(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await workOff("subject_request", "deletion_order");
    await jobsTurnComes();
  }
  await sealAll();
}

const pdfText = async (response: Response) => {
  const pdf = await getDocumentProxy(new Uint8Array(await response.arrayBuffer()));
  return (await extractText(pdf, { mergePages: true })).text.replaceAll(/\s+/g, " ");
};

/** The signed receipt, which is the last line of its file. */
const lastLine = (text: string) => JSON.parse(text.trimEnd().split("\n").at(-1)!) as { receipt: { order: object } };

it("what a request deleted has a certificate that verifies, with its approver and the end of the backups", async () => {
  const number = freshNumber();
  const ids = await recordingsOf(number, unitId, [{}, {}]);
  const { requestId, processes } = await analysed(dpo!, number, ["deletion"]);
  const processId = processes.deletion!;
  await decideRecordings(as(dpo!), { requestId, processId, recordings: "undecided", measure: "delete" });
  await submitDecision(as(dpo!), { requestId, processId });
  const { id: approvalId } = await approvalOf(processId);
  await decideRequestApproval(as(substitute!), { approvalId, decision: "approved", reason: "Conferido por mim" });
  await done();
  const { deletionOrderId: orderId } = await row(ids[0]!);

  const text = await (await summaryReceiptResponse(await issueOrderReceipt(as(dpo!), { orderId: orderId! }))).text();
  expect(await check(text)).toMatchObject({ holds: true, listed: 2, problems: [] });
  const { receipt } = lastLine(text);
  expect(receipt.order).toMatchObject({
    ...{ id: orderId, reason: "erasure", legalGrounds: ["lgpd_18_vi"], marked: 2 },
    askedBy: { type: "job", id: "subject-request" },
    approvedBy: { type: "user", id: substitute!.userId, role: "dpo" },
  });
  expect(text).not.toMatch(/Maria|Souza/);
  expect(text).not.toContain(number.replaceAll(/\D/g, ""));
  // Neither another approval nor another reason may be stated.
  for (const [said, other] of [
    ['"reason":"erasure","', '"reason":"lost","'],
    [`"approvedBy":{"id":"${substitute!.userId}","role":"dpo","type":"user"}`, '"approvedBy":null'],
  ] as const) {
    const at = text.lastIndexOf(said);
    expect(at).toBeGreaterThan(0);
    const { holds, problems } = await check(text.slice(0, at) + other + text.slice(at + said.length));
    expect([holds, problems.map((problem) => problem.check)]).toEqual([false, expect.arrayContaining(["statement"])]);
  }

  const said = await pdfText(
    await summaryReceiptResponse(await issueOrderReceipt(as(dpo!), { orderId: orderId!, format: "pdf" })),
  );
  for (const part of ["Eliminação por requisição do titular", "execução de uma requisição de titular", "(encarregado)"])
    expect(said).toContain(part);
  for (const part of ["Cópias de segurança do banco de dados", "SHA-256 da lista", "Dados eliminados áudio da chamada"])
    expect(said).toContain(part);
  const one = await recordingReceiptResponse(await issueRecordingReceipt(as(dpo!), { recordingId: ids[0]! }));
  expect(await check(await one.text())).toMatchObject({ holds: true, problems: [] });
  const certificate = await pdfText(
    await recordingReceiptResponse(await issueRecordingReceipt(as(dpo!), { recordingId: ids[0]!, format: "pdf" })),
  );
  expect(certificate).toContain(`usuário ${substitute!.userId} (encarregado)`);
  expect(certificate).not.toContain("aprovação não exigida");
});

it("what one person decided to erase for its card data has a certificate without an approver", async () => {
  const { id: recordingId } = await storedRecording({ unitId, startedAt: daysAgo(3) });
  await quarantineRecording(as(dpo!), { recordingId });
  const { orderId } = await eraseQuarantined(as(dpo!), { recordingId, justification: "A pausa falhou" });
  await done();
  const text = await (await summaryReceiptResponse(await issueOrderReceipt(as(dpo!), { orderId }))).text();
  expect(await check(text)).toMatchObject({ holds: true, listed: 1, problems: [] });
  expect(lastLine(text).receipt.order).toMatchObject({
    askedBy: { type: "user", id: dpo!.userId, role: "dpo" },
    approvedBy: null,
  });
});
