import { and, eq, isNull } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { listApprovals } from "@/lib/overview/list-approvals";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { approvals, recordings, subjectRequestDecisions } from "@/lib/db/schema";
import { blockRecordings } from "@/lib/recordings/blocking/block-recordings";
import { correctNumber } from "@/lib/recordings/numbers/correct-number";
import { readRecording } from "@/lib/recordings/read-recording";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { decideRight } from "@/lib/subject-requests/deciding/decide-right";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { withdrawRequestApproval } from "@/lib/subject-requests/deciding/withdraw-request-approval";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { readRequest } from "@/lib/subject-requests/read-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf, type Analysed } from "../../support/analysed-requests";
import { placedHold } from "../../support/placed-holds";
import { policyTerms } from "../../support/policies";
import { admin as administrator, policy, unitWithQueue } from "../../support/recordings";
import { processesOf } from "../../support/subject-requests";

let [dpo, substitute, admin, auditor]: Person[] = [];
let [plain, consent]: string[] = [];
const as = ({ actor }: Person) => contextOf(actor);
const fact = "O contrato 12 está em vigor.";

beforeAll(async () => {
  [dpo, substitute, admin, auditor] = await Promise.all([
    person("dpo"),
    person("dpo"),
    person("admin"),
    person("auditor"),
  ]);
  [plain, consent] = [(await unitWithQueue()).unitId, (await unitWithQueue()).unitId];
  await policy(3650);
  const terms = policyTerms(3650, { name: "Pesquisa", match: { unitId: consent! } });
  const given = { terms: { ...terms, legalBasis: "art7_i" as const }, reason: "Teste", acknowledgedDue: 0 };
  await createRetentionPolicy(administrator(), given);
});

type Decide = Partial<Parameters<typeof decideRecordings>[1]>;

const decide = ({ requestId, processes }: Analysed, right: string, input: Decide) =>
  decideRecordings(as(dpo!), {
    ...{ requestId, processId: processes[right]!, recordings: "undecided" as const, measure: "suggested" as const },
    ...input,
  });
const submit = ({ requestId, processes }: Analysed, right: string) =>
  submitDecision(as(dpo!), { requestId, processId: processes[right]! });
const decisionsFor = async ({ processes }: Analysed, right: string) =>
  database()
    .select()
    .from(subjectRequestDecisions)
    .where(and(eq(subjectRequestDecisions.processId, processes[right]!), isNull(subjectRequestDecisions.endedAt)));
const stateOf = async ({ requestId }: Analysed, right: string) =>
  (await processesOf(requestId)).find((process) => process.right === right)!;
describe("what is suggested", () => {
  it("keeps what does not rest on consent, with its ground and date, and deletes what does", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{}]);
    await recordingsOf(number, consent!, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await expectRefusal(decide(request, "deletion", {}), "invalid_input", { fact: "required" });
    expect(await decide(request, "deletion", { fact })).toMatchObject({ decided: 2 });
    const found = await decisionsFor(request, "deletion");
    expect(found.map(({ measure, ground }) => [measure, ground]).toSorted()).toEqual([
      ["delete", null],
      ["keep", "legal_obligation"],
    ]);
    // 3,650 days from 10 March 2026, inclusive.
    expect(found.find(({ measure }) => measure === "keep")!.keptUntil).toBe("2036-03-07");
  });

  it("deletes later what a hold keeps, and gives no date for it", async () => {
    const number = freshNumber();
    const [id] = await recordingsOf(number, consent!, [{}]);
    await placedHold(dpo!, [id!]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decide(request, "deletion", { fact });
    expect(await decisionsFor(request, "deletion")).toMatchObject([
      { measure: "delete_later", ground: "legal_hold", keptUntil: null },
    ]);
    await expectRefusal(decide(request, "deletion", { recordings: [id!], measure: "delete" }), "recording_kept");
  });

  it("gives the person's channel alone of a call with two, and nothing where only a person can decide", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{ channels: 2 }, { channels: 1 }]);
    const request = await analysed(dpo!, number, ["full_declaration", "unnecessary_data"]);
    await decide(request, "full_declaration", {});
    const forms = (await decisionsFor(request, "full_declaration")).map(({ audioForm }) => audioForm);
    expect(forms.toSorted()).toEqual(["subject_channel", "whole"]);
    await expectRefusal(decide(request, "unnecessary_data", { fact }), "nothing_suggested");
  });
});

describe("a decision", () => {
  it("is of a measure that the right has, with ground and fact where it refuses", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{}]);
    const request = await analysed(dpo!, number, ["deletion", "full_declaration"]);
    const refused = (right: string, input: Decide, fields: Record<string, string>) =>
      expectRefusal(decide(request, right, input), "invalid_input", fields);
    await refused("deletion", { measure: "deliver" }, { measure: "not_of_this_right" });
    await refused("deletion", { measure: "block" }, { measure: "not_of_this_right" });
    await refused("deletion", { measure: "delete_later" }, { measure: "nothing_keeps_it" });
    await refused("deletion", { measure: "keep", fact }, { ground: "required" });
    await refused("deletion", { measure: "keep", ground: "legal_hold" }, { fact: "required" });
    await refused("full_declaration", { measure: "withhold", audioForm: "whole" }, { audioForm: "not_of_this_right" });
    const edited = { measure: "deliver", audioForm: "edited" } as const;
    await refused("full_declaration", edited, { ground: "required" });
    await refused("full_declaration", { ...edited, ground: "third_party_rights" }, { fact: "required" });
    expect(await decisionsFor(request, "deletion")).toEqual([]);
  });

  it("lets nobody hear what is blocked", async () => {
    const number = freshNumber();
    const ids = await recordingsOf(number, plain!, [{}]);
    await blockRecordings(as(dpo!), { recordingIds: ids, reason: "O titular contesta" });
    const request = await analysed(dpo!, number, ["full_declaration"]);
    const sound = { measure: "deliver" as const, audioForm: "whole" as const };
    await expectRefusal(decide(request, "full_declaration", sound), "recording_blocked");
    expect(await decide(request, "full_declaration", { measure: "deliver" })).toMatchObject({ decided: 1 });
  });

  it("takes the place of an earlier one, and is one for each right and recording, also at once", async () => {
    const number = freshNumber();
    const ids = await recordingsOf(number, consent!, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    const keep = { measure: "keep" as const, ground: "contract_performance" as const, fact, recordings: ids };
    await Promise.all([decide(request, "deletion", keep), decide(request, "deletion", keep)]);
    await decide(request, "deletion", { measure: "delete", recordings: ids });
    expect(await decisionsFor(request, "deletion")).toMatchObject([{ measure: "delete", ground: null }]);
    const { requestId, processes } = request;
    const whole = { requestId, processId: processes.deletion!, ground: "already_answered" as const, text: fact };
    await decideRight(as(dpo!), whole);
    expect(await decisionsFor(request, "deletion")).toMatchObject([{ recordingId: null, measure: "inform" }]);
    await decide(request, "deletion", { measure: "delete", recordings: ids });
    expect(await decisionsFor(request, "deletion")).toMatchObject([{ recordingId: ids[0], measure: "delete" }]);
  });

  it("is of recordings that were included, of a right in analysis, by a DPO", async () => {
    const number = freshNumber();
    await recordingsOf(number, plain!, [{}]);
    const [other] = await recordingsOf(freshNumber(), plain!, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await expectRefusal(decide(request, "deletion", { recordings: [other!], measure: "delete" }), "not_found");
    await expectRefusal(decide({ ...request, processes: { deletion: newId() } }, "deletion", {}), "not_found");
    const { requestId, processes } = request;
    const input = { requestId, processId: processes.deletion!, recordings: "undecided", measure: "delete" } as const;
    for (const nobody of [admin!, auditor!]) await expectRefusal(decideRecordings(as(nobody), input), "forbidden");
    await moveRights(as(dpo!), { requestId, step: "withdraw", reason: "Desistiu por telefone" });
    await expectRefusal(decideRecordings(as(dpo!), input), "conflict");
  });

  it("of a whole right never contradicts what was found", async () => {
    const number = freshNumber();
    const rights = ["confirmation", "deletion"] as const;
    const none = await analysed(dpo!, freshNumber(), [...rights]);
    const whole = ({ requestId, processes }: Analysed, right: string, ground?: "not_found") =>
      decideRight(as(dpo!), { requestId, processId: processes[right]!, ground, text: "Pesquisamos em todo o acervo." });
    await expectRefusal(whole(none, "confirmation"), "invalid_input", { ground: "nothing_was_found" });
    await expectRefusal(whole(none, "deletion"), "invalid_input", { ground: "decide_each_recording" });
    await whole(none, "deletion", "not_found");
    expect(await submit(none, "deletion")).toMatchObject({ waits: false });
    expect(await stateOf(none, "deletion")).toMatchObject({ state: "executing", outcome: "not_found" });
    await recordingsOf(number, plain!, [{}]);
    const one = await analysed(dpo!, number, [...rights]);
    await expectRefusal(whole(one, "confirmation", "not_found"), "invalid_input", { ground: "something_was_found" });
    await whole(one, "confirmation");
    await submit(one, "confirmation");
    expect(await stateOf(one, "confirmation")).toMatchObject({ state: "executing", outcome: "granted" });
  });
});

describe("a decision that is sent", () => {
  it("is whole, and keeps no decision of a recording that was excluded since", async () => {
    const number = freshNumber();
    const ids = await recordingsOf(number, consent!, [{}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await expectRefusal(submit(request, "deletion"), "decisions_missing");
    await decide(request, "deletion", { recordings: [ids[0]!], measure: "delete" });
    await expectRefusal(submit(request, "deletion"), "decisions_missing");
    await decide(request, "deletion", { measure: "delete" });
    expect(await submit(request, "deletion")).toMatchObject({ waits: true });
    await expectRefusal(submit(request, "deletion"), "conflict");
  });

  it("says that something was corrected only if it was", async () => {
    const number = freshNumber();
    const [id] = await recordingsOf(number, plain!, [{}]);
    const request = await analysed(dpo!, number, ["correction"]);
    await expectRefusal(decide(request, "correction", { measure: "correct" }), "invalid_input", { fact: "required" });
    await decide(request, "correction", { measure: "correct", fact: "Telefone: de um número errado para o certo." });
    await expectRefusal(submit(request, "correction"), "correction_missing");
    const { numberRevision: revision } = await readRecording(as(dpo!), { recordingId: id! });
    await correctNumber(as(dpo!), { recordingId: id!, revision: revision!, kind: "number", number: "11 91111-2222" });
    expect(await submit(request, "correction")).toMatchObject({ waits: false });
  });

  it("waits for a second person who is no other than a DPO or the administrator named for it", async () => {
    const number = freshNumber();
    const ids = await recordingsOf(number, consent!, [{}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decide(request, "deletion", { measure: "delete" });
    await submit(request, "deletion");
    const { id: approvalId, payload, reason } = await approvalOf(request.processes.deletion!);
    expect(payload).toMatchObject({ right: "deletion", counts: { delete: 2 }, grounds: {} });
    expect((payload.recordingIds as string[]).toSorted()).toEqual(ids.toSorted());
    expect(reason).toBe("");
    const answer = (who: Person) =>
      decideRequestApproval(as(who), { approvalId, decision: "approved", reason: "Conferido por mim" });
    await expectRefusal(answer(dpo!), "second_person_required");
    await expectRefusal(answer(auditor!), "forbidden");
    await expectRefusal(answer(admin!), "forbidden");
    const listed = async (who: Person) =>
      (await listApprovals(as(who), { state: "pending" })).rows.find(({ id }) => id === approvalId)!;
    expect(await listed(admin!)).toMatchObject({ mayDecide: false });
    expect(await listed(substitute!)).toMatchObject({ mayDecide: true, subject: expect.stringMatching(/^\d{15}$/) });
    const named = { ...noFacts, legalName: "Exemplo S.A.", smallAgent: undefined, approverUserId: admin!.userId };
    await changeController(as(admin!), { ...named, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
    expect(await listed(admin!)).toMatchObject({ mayDecide: true });
    await answer(admin!);
    expect(await stateOf(request, "deletion")).toMatchObject({ state: "executing", outcome: "granted" });
    await expectRefusal(answer(substitute!), "conflict");
  });

  it("comes back rejected or withdrawn, and is decided again", async () => {
    const number = freshNumber();
    await recordingsOf(number, consent!, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decide(request, "deletion", { measure: "delete" });
    await submit(request, "deletion");
    const first = (await approvalOf(request.processes.deletion!)).id;
    const context = as(substitute!);
    await decideRequestApproval(context, { approvalId: first, decision: "rejected", reason: "Conferido por mim" });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual([
      "approval.rejected",
      "subject_request.step_taken",
    ]);
    expect(await stateOf(request, "deletion")).toMatchObject({ state: "analysing", outcome: null });
    // The reason is for those who see the person, and is emptied with the request.
    const history = async (who: Person) => JSON.stringify(await readRequest(as(who), { requestId: request.requestId }));
    expect(await history(dpo!)).toContain("Conferido por mim");
    const decided = await listApprovals(as(substitute!), { state: "decided" });
    expect(decided.rows.find(({ id }) => id === first)).toMatchObject({ state: "rejected", decisionReason: null });
    await submit(request, "deletion");
    const second = (await approvalOf(request.processes.deletion!)).id;
    await expectRefusal(withdrawRequestApproval(as(substitute!), { approvalId: second }), "not_found");
    await withdrawRequestApproval(as(dpo!), { approvalId: second });
    expect(await stateOf(request, "deletion")).toMatchObject({ state: "analysing" });
  });

  it("waits no more once the person withdraws the request", async () => {
    const number = freshNumber();
    await recordingsOf(number, consent!, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decide(request, "deletion", { measure: "delete" });
    await submit(request, "deletion");
    const { id } = await approvalOf(request.processes.deletion!);
    await moveRights(as(dpo!), { requestId: request.requestId, step: "withdraw", reason: "Desistiu por telefone" });
    const [approval] = await database().select().from(approvals).where(eq(approvals.id, id));
    expect(approval).toMatchObject({ state: "withdrawn" });
    await expectRefusal(
      decideRequestApproval(as(substitute!), { approvalId: id, decision: "approved", reason: "Conferido por mim" }),
      "conflict",
    );
    expect(await database().$count(recordings, eq(recordings.state, "deleting"))).toBe(0);
  });
});
