import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { configuredPublicKeys } from "@/lib/audit/signing-keys";
import { database } from "@/lib/db/client";
import {
  derivedRecordings,
  recordings,
  subjectRequestAnswers,
  subjectRequestCodeCounts,
  subjectRequestCollections,
} from "@/lib/db/schema";
import { answerCollected, answerFileResponse } from "@/lib/http/answer-file-response";
import { jobContext } from "@/lib/operation/job-context";
import { startOfDay } from "@/lib/core/time";
import { newId } from "@/lib/core/new-id";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { readAnswers } from "@/lib/subject-requests/answer/read-answers";
import { collectAnswerFile, takeAnswerFile } from "@/lib/subject-requests/answer/take-answer-file";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { decideRight } from "@/lib/subject-requests/deciding/decide-right";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { enqueueFreedDeletions } from "@/lib/subject-requests/doing/enqueue-freed-deletions";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { issueFollowUpCode } from "@/lib/subject-requests/issue-follow-up-code";
import { verifyLetter } from "@/lib/subject-requests/letter/letter-statement";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { checkCode } from "@/lib/subject-requests/public-page/check-code";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { reopenRequest } from "@/lib/subject-requests/reopen-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf, type Analysed } from "../../support/analysed-requests";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { sealAll } from "../../support/deletions";
import { placedHold, releasedHold } from "../../support/placed-holds";
import { describePdfPrograms, pdfText } from "../../support/pdf-programs";
import {
  anybody,
  clearLimits,
  lastMessageOf,
  requestOf,
  submit,
  timePassesForCodes,
} from "../../support/public-requests";
import { policy, unitWithQueue } from "../../support/recordings";
import { letter, processesOf } from "../../support/subject-requests";

let [dpo, substitute, auditor]: Person[] = [];
let unitId: string;
let number: string;
const as = ({ actor }: Person) => contextOf(actor);
const fact = "O contrato 12 está em vigor.";

beforeAll(async () => {
  [dpo, substitute, auditor] = await Promise.all([person("dpo"), person("dpo"), person("auditor")]);
  ({ unitId } = await unitWithQueue());
  await policy(3650);
  const facts = { ...noFacts, smallAgent: undefined, legalName: "Exemplo S.A.", officerName: "Ana Encarregada" };
  await changeController(as(dpo), { ...facts, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
});

beforeEach(async () => {
  number = freshNumber();
  await clearLimits();
  await database().delete(subjectRequestCodeCounts);
});

type Decide = Partial<Parameters<typeof decideRecordings>[1]>;

/** Decided, approved and done. */
async function settled({ requestId, processes }: Analysed, right: string, input: Decide): Promise<void> {
  const processId = processes[right]!;
  await decideRecordings(as(dpo!), { requestId, processId, recordings: "undecided", measure: "suggested", ...input });
  await sent({ requestId, processes }, right);
}

async function sent({ requestId, processes }: Analysed, right: string): Promise<void> {
  const processId = processes[right]!;
  const { waits } = await submitDecision(as(dpo!), { requestId, processId });
  if (waits) {
    const approvalId = (await approvalOf(processId)).id;
    await decideRequestApproval(as(substitute!), { approvalId, decision: "approved", reason: "Conferido por mim" });
  }
  await worked();
}

/** Until nothing is due: what a running portal does within seconds. */
async function worked(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await workOff("subject_request", "deletion_order");
    await jobsTurnComes();
  }
}

const issue = ({ requestId }: Pick<Analysed, "requestId">) => issueAnswer(as(dpo!), { requestId });

async function letterText(requestId: string, answerId: string): Promise<string> {
  const { pdf } = await takeAnswerFile(as(dpo!), { requestId, answerId, kind: "letter" });
  return pdfText(pdf);
}

/** The calls in the list of a package, whose entries are not compressed. */
const listed = (zip: Buffer) => zip.toString("utf8").match(/^.*;recebida;.*$/gm);

describePdfPrograms("a letter", () => {
  it("says what was decided and done, with ground and date, and is signed", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    const { requestId } = request;
    await settled(request, "deletion", { measure: "keep", ground: "contract_performance", fact });
    const context = as(dpo!);
    const { answerId, number: letterNumber } = await issueAnswer(context, { requestId });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual([
      "subject_request.answered",
      "subject_request.step_taken",
    ]);
    const text = await letterText(requestId, answerId);
    expect(text).toContain("Exemplo S.A.");
    expect(text).toContain("Ana Encarregada");
    expect(text).toContain(fact);
    expect(text).toContain("LGPD, art. 7º, V");
    expect(text).toContain("Agência Nacional de Proteção de Dados");
    expect(text).not.toMatch(new RegExp(ids.join("|")));
    const { pdf, statement } = await takeAnswerFile(as(dpo!), { requestId, answerId, kind: "statement" });
    expect(verifyLetter(statement, pdf, configuredPublicKeys())).toMatchObject({ holds: true });
    const [row] = await database().select().from(subjectRequestAnswers).where(eq(subjectRequestAnswers.id, answerId));
    expect(row).toMatchObject({ number: letterNumber, pdfSha256: createHash("sha256").update(pdf).digest() });
    expect(await processesOf(requestId)).toMatchObject([{ state: "answered", outcome: "refused" }]);
    await expectRefusal(issue(request), "nothing_to_answer");
  });

  it("never says that something is deleted which is not yet, and answers only what is settled", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["unnecessary_data", "confirmation"]);
    const { requestId, processes } = request;
    await decideRight(as(dpo!), { requestId, processId: processes.confirmation!, text: "Sim: tratamos seus dados." });
    await sent(request, "confirmation");
    const processId = processes.unnecessary_data!;
    await decideRecordings(as(dpo!), { requestId, processId, recordings: ids, measure: "delete" });
    expect((await readAnswers(as(auditor!), { requestId })).ready).toEqual(["confirmation"]);
    const { answerId } = await issue(request);
    expect(await letterText(requestId, answerId)).not.toContain("eliminad");
    await sent(request, "unnecessary_data");
    const second = await issue(request);
    expect(second.number).toMatch(/-R2$/);
    const [recording] = await database().select().from(recordings).where(eq(recordings.id, ids[0]!));
    expect(recording!.state).toBe("deleted");
    const { answers } = await readAnswers(as(dpo!), { requestId });
    expect(answers[1]!.files.map(({ kind }) => kind)).toEqual(["letter", "statement", "certificate"]);
    const { orderId } = answers[1]!.files.at(-1)!;
    await sealAll();
    const { plan } = await issueOrderReceipt(as(dpo!), { orderId: orderId! });
    expect(await letterText(requestId, second.answerId)).toContain(plan.head.number);
  });

  it("with what is delivered has a package with the list and the letter", async () => {
    const [recordingId] = await recordingsOf(number, unitId, [{}, {}]);
    const request = await analysed(dpo!, number, ["simplified_access"]);
    const { requestId } = request;
    const silences = [{ fromMs: 0, toMs: 10, reason: "third_party" as const }];
    const prepared = { id: newId(), form: "edited" as const, silences, keepUntil: "2026-01-31", objectKey: newId() };
    const made = { ...prepared, recordingId: recordingId!, requestId, createdById: dpo!.userId };
    await database().insert(derivedRecordings).values(made);
    await settled(request, "simplified_access", { measure: "deliver" });
    const { answerId } = await issue(request);
    const kinds = (await readAnswers(as(dpo!), { requestId })).answers[0]!.files.map(({ kind }) => kind);
    expect(kinds).toEqual(["letter", "statement", "package"]);
    const isMade = eq(derivedRecordings.id, prepared.id);
    const [{ keepUntil } = { keepUntil: "" }] = await database().select().from(derivedRecordings).where(isMade);
    expect(startOfDay(keepUntil, 1)).toEqual((await readAnswers(as(dpo!), { requestId })).answers[0]!.collectUntil);
    const taken = await takeAnswerFile(as(dpo!), { requestId, answerId, kind: "package" });
    const response = await answerFileResponse(taken);
    expect(response.headers.get("content-type")).toBe("application/zip");
    const zip = Buffer.from(await response.arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe("PK");
    expect(zip.toString("latin1")).toContain("carta.pdf");
    expect(listed(zip)).toHaveLength(2);
    const reason = "Reclamação à ouvidoria";
    await reopenRequest(as(dpo!), { requestId, processIds: [request.processes.simplified_access!], reason });
    const later = await takeAnswerFile(as(dpo!), { requestId, answerId, kind: "package" });
    const again = Buffer.from(await (await answerFileResponse(later)).arrayBuffer());
    expect(listed(again)).toEqual(listed(zip));
    await expectRefusal(takeAnswerFile(as(auditor!), { requestId, answerId, kind: "letter" }), "forbidden");
  });

  it("promises no audio that is not made", async () => {
    await recordingsOf(number, unitId, [{ channels: 2 }]);
    const request = await analysed(dpo!, number, ["full_declaration"]);
    const { requestId, processes } = request;
    const processId = processes.full_declaration!;
    const form = { measure: "deliver" as const, audioForm: "subject_channel" as const };
    await decideRecordings(as(dpo!), { requestId, processId, recordings: "undecided", ...form });
    await expectRefusal(submitDecision(as(dpo!), { requestId, processId }), "audio_not_ready");
  });

  it("of what a hold keeps says so and that it waits", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    await placedHold(dpo!, ids);
    const request = await analysed(dpo!, number, ["unnecessary_data"]);
    await settled(request, "unnecessary_data", { measure: "delete_later", fact });
    const { answerId } = await issue(request);
    expect(await processesOf(request.requestId)).toMatchObject([{ state: "answered", outcome: "scheduled" }]);
    expect(await letterText(request.requestId, answerId)).toContain(fact);
  });

  it("follows by itself once the hold is released and the rest is deleted, once, with the certificate", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}]);
    const holdId = await placedHold(dpo!, [ids[0]!]);
    const request = await analysed(dpo!, number, ["unnecessary_data"]);
    const { requestId, processes } = request;
    const processId = processes.unnecessary_data!;
    const later = { recordings: [ids[0]!], measure: "delete_later" as const, fact };
    await decideRecordings(as(dpo!), { requestId, processId, ...later });
    await settled(request, "unnecessary_data", { measure: "delete" });
    await issue(request);
    const [before] = await processesOf(requestId);
    await releasedHold(holdId, dpo!, substitute!);
    await enqueueFreedDeletions(jobContext("subject-request"), {});
    await worked();
    await worked();
    const { answers } = await readAnswers(as(dpo!), { requestId });
    expect(answers).toMatchObject([{ issuedBy: "Pessoa dpo" }, { issuedBy: null }]);
    const kinds = answers.map(({ files }) => files.map(({ kind }) => kind));
    expect(kinds[0]).toEqual(["letter", "statement", "certificate"]);
    expect(kinds[1]).toEqual(["letter", "statement", "certificate", "certificate"]);
    const [after] = await processesOf(requestId);
    expect(after).toMatchObject({ state: "answered", outcome: "granted", dueUntil: before!.dueUntil });
    expect(after!.answeredAt).toEqual(before!.answeredAt);
  });

  it("to somebody who did not prove who they are tells of no call", async () => {
    await recordingsOf(number, unitId, [{}]);
    const { requestId } = await registered(number);
    const reason = "O código enviado não foi digitado.";
    await moveRights(as(dpo!), { requestId, step: "fail_identity", reason });
    const { answerId } = await issue({ requestId });
    const text = await letterText(requestId, answerId);
    expect(text).toContain(reason);
    expect(text).not.toContain("Gravação 1");
    expect(await processesOf(requestId)).toMatchObject([{ state: "answered", outcome: "refused" }]);
  });

  it("is one, also when two people issue it at once", async () => {
    await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await settled(request, "deletion", { measure: "keep", ground: "contract_performance", fact });
    const { requestId } = request;
    const ends = await Promise.allSettled([issue(request), issueAnswer(as(substitute!), { requestId })]);
    expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const ofRequest = eq(subjectRequestAnswers.requestId, requestId);
    expect(await database().$count(subjectRequestAnswers, ofRequest)).toBe(1);
  });

  it("of a reopened right is another, with what was decided then", async () => {
    await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    const { requestId, processes } = request;
    await settled(request, "deletion", { measure: "keep", ground: "contract_performance", fact });
    await issue(request);
    await reopenRequest(as(dpo!), { requestId, processIds: [processes.deletion!], reason: "Reclamação à ouvidoria" });
    await moveRights(as(dpo!), { requestId, step: "start" });
    const note = "Compareceu com documento";
    await confirmIdentity(as(dpo!), { requestId, checkId: newId(), method: "in_person", note });
    await findRecordings(as(dpo!), { requestId });
    await moveRights(as(dpo!), { requestId, step: "analyse" });
    await expectRefusal(submitDecision(as(dpo!), { requestId, processId: processes.deletion! }), "decisions_missing");
    await settled(request, "deletion", { measure: "keep", ground: "credit_protection", fact: "Há dívida em aberto." });
    const { number: letterNumber, answerId } = await issue(request);
    expect(letterNumber).toMatch(/-R2$/);
    const text = await letterText(requestId, answerId);
    expect(text).toContain("Há dívida em aberto.");
    expect(text).not.toContain(fact);
  });
});

async function registered(of: string) {
  const identifiers = [{ kind: "number" as const, value: of }];
  const { requestId } = await registerRequest(as(dpo!), letter({ rights: ["deletion"], identifiers }));
  await moveRights(as(dpo!), { requestId, step: "start" });
  return { requestId };
}

describe("collecting", () => {
  /** A request of the public form, answered. */
  async function answered() {
    await recordingsOf(number, unitId, [{}]);
    const receipt = await submit({ numbers: number, rights: ["deletion"] });
    const { id: requestId } = await requestOf(receipt);
    await moveRights(as(dpo!), { requestId, step: "start" });
    const note = "Confirmou fatos da chamada";
    await confirmIdentity(as(dpo!), { requestId, checkId: newId(), method: "in_person", note });
    await findRecordings(as(dpo!), { requestId });
    const included = { decision: "included" as const, recordings: "all_exact" as const, reason: "Confirmado" };
    await decideMatches(as(dpo!), { requestId, ...included, reason: "Confirmado com o titular" });
    await moveRights(as(dpo!), { requestId, step: "analyse" });
    const [process] = await processesOf(requestId);
    const request = { requestId, processes: { deletion: process!.id } };
    await settled(request, "deletion", { measure: "keep", ground: "contract_performance", fact });
    const { answerId } = await issue(request);
    return { receipt, requestId, answerId };
  }

  async function codeFor(receipt: Awaited<ReturnType<typeof submit>>, requestId: string) {
    const { request } = await readOwnRequest(anybody(), receipt);
    const { target } = request.addresses.find(({ channels }) => channels.includes("sms"))!;
    await sendCode(anybody(), { ...receipt, target, channel: "sms" });
    return { target, oneTimeCode: (await lastMessageOf(requestId))!.data.code! };
  }

  it("needs protocol, code and a fresh code, lasts an hour, and each file is an event", async () => {
    const { receipt, requestId, answerId } = await answered();
    const own = (await readOwnRequest(anybody(), receipt)).request;
    expect(own).toMatchObject({ answers: [{ number: expect.stringMatching(/-R1$/) }] });
    const fresh = await codeFor(receipt, requestId);
    const { collection } = await checkCode(anybody(), { ...receipt, ...fresh });
    expect(collection!.answers[0]!.files.map(({ kind }) => kind)).toEqual(["letter", "statement"]);
    const context = anybody();
    const collect = { collectionId: collection!.id, token: collection!.token, answerId, kind: "letter" as const };
    const { pdf } = await collectAnswerFile(context, collect);
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.answer_taken", targetId: requestId, details: { answerFile: "letter" } },
    ]);
    await expectRefusal(collectAnswerFile(anybody(), { ...collect, token: "x" }), "expired");
    await expectRefusal(collectAnswerFile(anybody(), { ...collect, kind: "package" }), "not_found");
    await expectRefusal(collectAnswerFile(anybody(), { ...collect, answerId: newId() }), "not_found");
    await expectRefusal(collectAnswerFile(as(dpo!), collect), "forbidden");
    await database().update(subjectRequestCollections).set({ expiresAt: new Date() });
    await expectRefusal(collectAnswerFile(anybody(), collect), "expired");
    const late = new Request("http://portal.example/", { method: "POST", body: new URLSearchParams(collect) });
    const response = await answerCollected(late, collect.collectionId);
    expect([response.status, response.headers.get("location")]).toMatchObject([
      303,
      expect.stringContaining("/titular/"),
    ]);
  });

  it("of a request taken by hand needs a code that the desk issues; a new one ends the last", async () => {
    await recordingsOf(number, unitId, [{}]);
    const { requestId } = await analysed(dpo!, number, ["deletion"]);
    const protocol = (await readRequest(as(dpo!), { requestId })).protocol;
    const context = as(dpo!);
    const first = await issueFollowUpCode(context, { requestId });
    expect(JSON.stringify(await eventsOf(context))).not.toContain(first.followUpCode.replaceAll("-", ""));
    const own = { protocol, isProved: false, isUnproven: false };
    expect((await readOwnRequest(anybody(), { protocol, ...first })).request).toMatchObject(own);
    const second = await issueFollowUpCode(as(dpo!), { requestId });
    expect(second.followUpCode).not.toBe(first.followUpCode);
    const isWrong = { followUpCode: "no_such_request" };
    await expectRefusal(readOwnRequest(anybody(), { protocol, ...first }), "invalid_input", isWrong);
    expect((await readOwnRequest(anybody(), { protocol, ...second })).request).toMatchObject({ protocol });
    await expectRefusal(issueFollowUpCode(as(auditor!), { requestId }), "forbidden");
  });

  it("is over after its last day, and another's collection opens nothing", async () => {
    const first = await answered();
    number = freshNumber();
    const second = await answered();
    await timePassesForCodes("1 hour");
    const fresh = await codeFor(second.receipt, second.requestId);
    const { collection } = await checkCode(anybody(), { ...second.receipt, ...fresh });
    const theirs = { collectionId: collection!.id, token: collection!.token, kind: "letter" as const };
    await expectRefusal(collectAnswerFile(anybody(), { ...theirs, answerId: first.answerId }), "not_found");
    const isSecond = eq(subjectRequestAnswers.id, second.answerId);
    await database().update(subjectRequestAnswers).set({ collectUntil: new Date() }).where(isSecond);
    await expectRefusal(collectAnswerFile(anybody(), { ...theirs, answerId: second.answerId }), "expired");
    expect((await readOwnRequest(anybody(), second.receipt)).request.answers).toEqual([]);
  });
});
