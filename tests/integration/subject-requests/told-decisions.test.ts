import { desc, eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { database } from "@/lib/db/client";
import { legalHolds, recordings, subjectRequestAnswers } from "@/lib/db/schema";
import { beforeEveryId } from "@/lib/legal-holds/placement/place-next-batch";
import { jobContext } from "@/lib/operation/job-context";
import { blockRecordings } from "@/lib/recordings/blocking/block-recordings";
import { liftBlock } from "@/lib/recordings/blocking/lift-block";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { readAnswers } from "@/lib/subject-requests/answer/read-answers";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { enqueueFreedDeletions } from "@/lib/subject-requests/doing/enqueue-freed-deletions";
import { decideMatches } from "@/lib/subject-requests/finding/decide-matches";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { letterContent } from "@/lib/subject-requests/letter/letter-content";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf, type Analysed } from "../../support/analysed-requests";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { retain } from "../../support/deletions";
import { placedHold, releasedHold } from "../../support/placed-holds";
import { inDays, changeTerms } from "../../support/policy-changes";
import { policy, row, unitWithQueue } from "../../support/recordings";
import { processesOf } from "../../support/subject-requests";

let [dpo, substitute]: Person[] = [];
let [unitId, policyId, number]: string[] = [];
const as = (who: Person | undefined) => contextOf(who!.actor);
const fact = "O contrato 12 está em vigor.";
const kept = { measure: "keep" as const, ground: "contract_performance" as const, fact };
const job = () => jobContext("subject-request");

beforeAll(async () => {
  [dpo, substitute] = await Promise.all([person("dpo"), person("dpo")]);
  await policy(3650);
  const facts = { ...noFacts, smallAgent: undefined, legalName: "Exemplo S.A.", officerName: "Ana Encarregada" };
  await changeController(as(dpo), { ...facts, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
});

beforeEach(async () => {
  number = freshNumber();
  ({ unitId } = await unitWithQueue());
  policyId = await policy(3650, { unitId });
});

type Decide = Partial<Parameters<typeof decideRecordings>[1]>;

async function sent({ requestId, processes }: Analysed, right: string, input: Decide): Promise<void> {
  const processId = processes[right]!;
  const chosen = { recordings: "undecided" as const, measure: "suggested" as const, ...input };
  await decideRecordings(as(dpo), { requestId, processId, ...chosen });
  const { waits } = await submitDecision(as(dpo), { requestId, processId });
  if (!waits) return;
  const { id: approvalId } = await approvalOf(processId);
  await decideRequestApproval(as(substitute), { approvalId, decision: "approved", reason: "Conferido por mim" });
}

/** Until nothing is due: what a running portal does within seconds. */
async function worked(): Promise<void> {
  await enqueueFreedDeletions(job(), {});
  for (let turn = 0; turn < 3; turn += 1) {
    await workOff("subject_request", "deletion_order");
    await jobsTurnComes();
  }
}

const issue = ({ requestId }: Analysed) => issueAnswer(as(dpo), { requestId });

/** The latest letter of a request, as data. */
async function lastLetter({ requestId }: Analysed) {
  const { contentEncrypted, id, requestId: of } = subjectRequestAnswers;
  const [last] = await database()
    .select({ contentEncrypted })
    .from(subjectRequestAnswers)
    .where(eq(of, requestId))
    .orderBy(desc(id))
    .limit(1);
  return letterContent.parse(JSON.parse(decryptField("subject_request.answer_content", last!.contentEncrypted!)));
}

const setMinimum = async (id: string, minimumUntil: Date) => {
  const { retentionPolicyId: minimumPolicyId, retentionPolicyVersion: minimumPolicyVersion } = await row(id);
  const columns = { minimumPolicyId, minimumPolicyVersion, minimumUntil };
  await database().update(recordings).set(columns).where(eq(recordings.id, id));
};

describe("a letter about what is kept", () => {
  it("gives the day as it is when it is written, not when it was decided", async () => {
    await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["deletion"]);
    await sent(request, "deletion", kept);
    await worked();
    await changeTerms(policyId!, { period: inDays(4000) });
    await issue(request);
    // 4,000 days from 10 March 2026, inclusive.
    expect((await lastLetter(request)).rights[0]!.decisions).toMatchObject([
      { measure: "keep", keptUntil: "2037-02-20" },
    ]);
  });

  it("says that it goes, or when it went, if something else deletes it meanwhile", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["deletion"]);
    await sent(request, "deletion", kept);
    await worked();
    await changeTerms(policyId!, { period: inDays(5) }, { acknowledgedDue: 10 });
    const marked = { state: "deleting" as const, deletingAt: new Date(), deletionReason: "retention_expired" };
    await database().update(recordings).set(marked).where(eq(recordings.id, id!));
    const other = await analysed(dpo!, number!, ["objection"]);
    await sent(other, "objection", kept);
    await worked();
    await issue(other);
    expect((await lastLetter(other)).rights[0]!.decisions).toMatchObject([{ keptUntil: null, isGoing: true }]);
    await retain();
    await issue(request);
    const { rights } = await lastLetter(request);
    expect(rights).toMatchObject([{ outcome: "refused", decisions: [{ measure: "keep", keptUntil: null }] }]);
    expect(rights[0]!.decisions[0]!.goneAt).toBe((await row(id!)).deletedAt!.toISOString());
  });

  it("waits while nothing keeps it any more, and then says that it was deleted", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    await setMinimum(id!, new Date(Date.now() + 86_400_000));
    const request = await analysed(dpo!, number!, ["unnecessary_data"]);
    await sent(request, "unnecessary_data", { measure: "delete_later", fact });
    await setMinimum(id!, new Date());
    await expectRefusal(issue(request), "nothing_to_answer");
    await worked();
    await issue(request);
    const { rights } = await lastLetter(request);
    expect(rights).toMatchObject([
      { outcome: "granted", scheduledFor: null, decisions: [{ measure: "delete_later" }] },
    ]);
    expect(rights[0]!.decisions[0]!.doneAt).toBe((await row(id!)).deletedAt!.toISOString());
    expect(await processesOf(request.requestId)).toMatchObject([{ outcome: "granted", scheduledFor: null }]);
  });

  it("gives no ground of the past: another hold or minimum keeps it now", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    const holdId = await placedHold(dpo!, [id!]);
    const request = await analysed(dpo!, number!, ["unnecessary_data"]);
    await sent(request, "unnecessary_data", { measure: "delete_later", fact });
    await setMinimum(id!, new Date(Date.now() + 86_400_000));
    await releasedHold(holdId, dpo!, substitute!);
    await issue(request);
    const expected = { measure: "delete_later", isStopped: true, ground: null, fact: null };
    expect((await lastLetter(request)).rights[0]!.decisions).toMatchObject([expected]);
  });
});

describe("a letter about a deletion", () => {
  it("that a hold stopped is of a right that is scheduled, and the follow-up says granted", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["unnecessary_data"]);
    const { requestId, processes } = request;
    await decideRecordings(as(dpo), {
      ...{ requestId, processId: processes.unnecessary_data!, recordings: [id!], measure: "delete" },
    });
    const holdId = await placedHold(dpo!, [id!]);
    await sent(request, "unnecessary_data", { measure: "delete" });
    await worked();
    await issue(request);
    const { rights } = await lastLetter(request);
    expect(rights).toMatchObject([{ outcome: "scheduled", decisions: [{ isStopped: true, doneAt: null }] }]);
    await releasedHold(holdId, dpo!, substitute!);
    await worked();
    expect((await lastLetter(request)).rights).toMatchObject([
      { outcome: "granted", decisions: [{ isStopped: false }] },
    ]);
  });

  it("is not written while a hold is being placed that may not reach it", async () => {
    const [other] = await recordingsOf(freshNumber(), unitId!, [{}]);
    const holdId = await placedHold(dpo!, [other!]);
    const placement = { filters: { unitId }, unitIds: null, createdBefore: "2000-01-01", through: beforeEveryId };
    await database().update(legalHolds).set({ placement }).where(eq(legalHolds.id, holdId));
    await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["unnecessary_data"]);
    await sent(request, "unnecessary_data", { measure: "delete" });
    await worked();
    await expectRefusal(issue(request), "nothing_to_answer");
    await database().update(legalHolds).set({ placement: null }).where(eq(legalHolds.id, holdId));
    await worked();
    await issue(request);
    expect((await lastLetter(request)).rights).toMatchObject([
      { outcome: "granted", decisions: [{ isStopped: false }] },
    ]);
  });

  it("names the certificate of the request's own order, whichever right had it made", async () => {
    await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["deletion", "unnecessary_data"]);
    await sent(request, "deletion", { measure: "delete" });
    await worked();
    await issue(request);
    await sent(request, "unnecessary_data", { measure: "anonymise" });
    await worked();
    await issue(request);
    const { answers } = await readAnswers(as(dpo), { requestId: request.requestId });
    const orders = answers.map(({ files }) => files.flatMap(({ orderId }) => orderId ?? []));
    expect(orders[0]).toHaveLength(1);
    expect(orders[1]).toEqual(orders[0]);
    expect((await lastLetter(request)).certificates).toHaveLength(1);
  });

  it("of a recording that a later search excluded is still about that recording", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["unnecessary_data", "objection"]);
    await sent(request, "unnecessary_data", { measure: "delete" });
    const { requestId } = request;
    await findRecordings(as(dpo), { requestId });
    const reason = "É de outra pessoa, que usou a linha";
    await decideMatches(as(dpo), { requestId, decision: "excluded", recordings: [id!], reason });
    await worked();
    await issue(request);
    const { recordings: listed, rights } = await lastLetter(request);
    expect(listed).toHaveLength(1);
    expect(rights[0]!.decisions).toMatchObject([{ recording: 1, measure: "delete" }]);
  });
});

describe("a letter about a block", () => {
  it("says that the block has ended, if it was lifted since", async () => {
    const [id] = await recordingsOf(number!, unitId!, [{}]);
    const request = await analysed(dpo!, number!, ["objection"]);
    await sent(request, "objection", { measure: "block" });
    await worked();
    await liftBlock(as(dpo), { recordingId: id!, reason: "Contestação resolvida" });
    await issue(request);
    expect((await lastLetter(request)).rights[0]!.decisions).toMatchObject([{ measure: "block", isLifted: true }]);
  });

  it("delivers the data alone of what is blocked or gone, and its package opens", async () => {
    const ids = await recordingsOf(number!, unitId!, [{}, {}]);
    const request = await analysed(dpo!, number!, ["full_declaration"]);
    await sent(request, "full_declaration", { measure: "deliver", audioForm: "whole" });
    await worked();
    await blockRecordings(as(dpo), { recordingIds: [ids[0]!], reason: "O titular contesta" });
    const gone = { state: "deleting" as const, deletingAt: new Date(), deletionReason: "retention_expired" };
    await database().update(recordings).set(gone).where(eq(recordings.id, ids[1]!));
    await issue(request);
    const { rights, delivery } = await lastLetter(request);
    expect(rights[0]!.decisions.map(({ audioForm }) => audioForm)).toEqual([null, null]);
    expect(delivery!.formats).not.toContain("audio");
  });
});
