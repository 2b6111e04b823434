import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { noFacts } from "@/lib/access/controller/controller-facts";
import { database } from "@/lib/db/client";
import { anonymisedCalls, deletionOrders, recordings, subjectRequestDecisions, subjectRequests } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { formatDateTime } from "@/lib/i18n/format";
import { jobContext } from "@/lib/operation/job-context";
import { issueOrderReceipt } from "@/lib/receipts/issue-order-receipt";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { issueAnswer } from "@/lib/subject-requests/answer/issue-answer";
import { decideRecordings } from "@/lib/subject-requests/deciding/decide-recordings";
import { decideRequestApproval } from "@/lib/subject-requests/deciding/decide-request-approval";
import { listDecisions } from "@/lib/subject-requests/deciding/list-decisions";
import { submitDecision } from "@/lib/subject-requests/deciding/submit-decision";
import { carryOutDecisions } from "@/lib/subject-requests/doing/carry-out-decisions";
import { enqueueFreedDeletions } from "@/lib/subject-requests/doing/enqueue-freed-deletions";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { analysed, approvalOf, freshNumber, recordingsOf, type Analysed } from "../../support/analysed-requests";
import { jobsTurnComes, workOff } from "../../support/background-jobs";
import { sealAll } from "../../support/deletions";
import { placedHold, releasedHold } from "../../support/placed-holds";
import { policyTerms } from "../../support/policies";
import { admin as administrator, policy, row, unitWithQueue } from "../../support/recordings";
import { processesOf } from "../../support/subject-requests";
import { waitUntil } from "../../support/wait-until";

let [dpo, substitute]: Person[] = [];
let unitId: string;
let number: string;
const as = ({ actor }: Person) => contextOf(actor);
const fact = "O contrato 12 está em vigor.";
const job = () => jobContext("subject-request");

beforeAll(async () => {
  [dpo, substitute] = await Promise.all([person("dpo"), person("dpo")]);
  ({ unitId } = await unitWithQueue());
  await policy(3650);
  const facts = { ...noFacts, smallAgent: undefined, legalName: "Exemplo S.A.", officerName: "Ana Encarregada" };
  await changeController(as(dpo!), { ...facts, version: 0, deadlineTimeZone: "America/Sao_Paulo" });
  const terms = policyTerms(3650, { name: "Pesquisa", match: { unitId } });
  const given = { terms: { ...terms, legalBasis: "art7_i" as const }, reason: "Teste", acknowledgedDue: 0 };
  await createRetentionPolicy(administrator(), given);
});

beforeEach(() => {
  number = freshNumber();
});

type Decide = Partial<Parameters<typeof decideRecordings>[1]>;

async function decided(request: Analysed, right: string, input: Decide = {}): Promise<void> {
  const { requestId, processes } = request;
  const chosen = { recordings: "undecided" as const, measure: "suggested" as const, ...input };
  await decideRecordings(as(dpo!), { requestId, processId: processes[right]!, ...chosen });
}

/** Sent, and approved by the second person where it needs one. */
async function sent({ requestId, processes }: Analysed, right: string): Promise<void> {
  const { waits } = await submitDecision(as(dpo!), { requestId, processId: processes[right]! });
  if (!waits) return;
  const { id } = await approvalOf(processes[right]!);
  await decideRequestApproval(as(substitute!), { approvalId: id, decision: "approved", reason: "Conferido por mim" });
}

/** Until nothing is due: what a running portal does within seconds. */
async function done(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await workOff("subject_request", "deletion_order");
    await jobsTurnComes();
  }
}

const resultsOf = async ({ requestId }: Analysed) =>
  (
    await database()
      .select()
      .from(subjectRequestDecisions)
      .where(and(eq(subjectRequestDecisions.requestId, requestId), isNull(subjectRequestDecisions.endedAt)))
  ).map(({ result }) => result);
const statesOf = async (ids: string[]) => Promise.all(ids.map(async (id) => (await row(id)).state));

describe("an erasure", () => {
  it("deletes exactly what was decided, under an order whose certificate names no person", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    const keep = { measure: "keep" as const, ground: "contract_performance" as const, fact, recordings: [ids[2]!] };
    await decided(request, "deletion", keep);
    await decided(request, "deletion", { measure: "delete" });
    expect(await statesOf(ids)).toEqual(["stored", "stored", "stored"]);
    await sent(request, "deletion");
    await done();
    expect(await statesOf(ids)).toEqual(["deleted", "deleted", "stored"]);
    expect(await resultsOf(request)).toEqual(["done", "done", "done"]);
    const { deletionOrderId, deletionReason } = await row(ids[0]!);
    expect(deletionReason).toBe("erasure");
    const [order] = await database().select().from(deletionOrders).where(eq(deletionOrders.id, deletionOrderId!));
    expect(order).toMatchObject({ reason: "erasure", requestedById: dpo!.userId, approvedById: substitute!.userId });
    await sealAll();
    const receipt = JSON.stringify(await issueOrderReceipt(as(dpo!), { orderId: deletionOrderId! }));
    expect(receipt).not.toMatch(/Maria|5511/);
  });

  it("is not begun before the second person approves it, nor when it was rejected", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    await submitDecision(as(dpo!), { requestId: request.requestId, processId: request.processes.deletion! });
    await carryOutDecisions(job(), { requestId: request.requestId });
    expect(await statesOf(ids)).toEqual(["stored"]);
    const { id } = await approvalOf(request.processes.deletion!);
    await decideRequestApproval(as(substitute!), { approvalId: id, decision: "rejected", reason: "Conferido por mim" });
    await carryOutDecisions(job(), { requestId: request.requestId });
    expect(await statesOf(ids)).toEqual(["stored"]);
  });

  it("waits for a hold that came after the decision, and runs by itself once it is released", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    const holdId = await placedHold(dpo!, [ids[1]!]);
    await sent(request, "deletion");
    await done();
    expect(await statesOf(ids)).toEqual(["deleted", "stored"]);
    expect((await resultsOf(request)).toSorted()).toEqual(["done", "stopped"]);
    expect(await enqueueFreedDeletions(job(), {})).toEqual({ requests: 0 });
    await releasedHold(holdId, dpo!, substitute!);
    expect(await enqueueFreedDeletions(job(), {})).toEqual({ requests: 1 });
    await done();
    expect(await statesOf(ids)).toEqual(["deleted", "deleted"]);
    expect(await resultsOf(request)).toEqual(["done", "done"]);
  });

  it("of what a legal minimum keeps runs after its last day, also once the right was answered", async () => {
    const [id] = await recordingsOf(number, unitId, [{}]);
    const { retentionPolicyId: minimumPolicyId, retentionPolicyVersion: minimumPolicyVersion } = await row(id!);
    const keep = (minimumUntil: Date) =>
      database()
        .update(recordings)
        .set({ minimumPolicyId, minimumPolicyVersion, minimumUntil })
        .where(eq(recordings.id, id!));
    await keep(new Date(Date.now() + 86_400_000));
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { fact });
    await sent(request, "deletion");
    await done();
    const [process] = await processesOf(request.requestId);
    expect(process).toMatchObject({ state: "executing", outcome: "scheduled" });
    expect(process!.scheduledFor).not.toBeNull();
    expect(await statesOf([id!])).toEqual(["stored"]);
    await keep(new Date());
    await enqueueFreedDeletions(job(), {});
    await done();
    expect(await statesOf([id!])).toEqual(["deleted"]);
  });

  it("that another deletion came before counts as done", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion", "unnecessary_data"]);
    await decided(request, "deletion", { measure: "delete" });
    await decided(request, "unnecessary_data", { measure: "anonymise" });
    await sent(request, "deletion");
    await sent(request, "unnecessary_data");
    await done();
    expect(await statesOf(ids)).toEqual(["deleted"]);
    expect(await resultsOf(request)).toEqual(["done", "done"]);
  });

  it("leaves of what is anonymised the month, counted once; the person still reads the day", async () => {
    const { unitId: ownUnit, queueId } = await unitWithQueue();
    const starts = ["2026-02-28T23:30:00-03:00", "2026-03-01T00:30:00-03:00"].map((text) => new Date(text));
    const ids = await recordingsOf(
      number,
      ownUnit,
      starts.map((startedAt) => ({ startedAt, queueId })),
    );
    // A legal minimum that is over, as a policy leaves it.
    await database()
      .update(recordings)
      .set({
        minimumUntil: new Date("2026-04-01"),
        minimumPolicyId: recordings.retentionPolicyId,
        minimumPolicyVersion: 1,
      })
      .where(eq(recordings.id, ids[0]!));
    const request = await analysed(dpo!, number, ["unnecessary_data"]);
    await decided(request, "unnecessary_data", { measure: "anonymise" });
    await sent(request, "unnecessary_data");
    await done();
    const { requestId } = request;
    await Promise.all([carryOutDecisions(job(), { requestId }), carryOutDecisions(job(), { requestId })]);
    const left = await Promise.all(ids.map(row));
    expect(left.map(({ startedAt }) => startedAt.toISOString()).sort()).toEqual([
      "2026-02-01T03:00:00.000Z",
      "2026-03-01T03:00:00.000Z",
    ]);
    const none = { queueId: null, durationMs: null, callKind: null, channels: null, retainUntil: null };
    for (const recording of left) {
      expect(recording).toMatchObject({ state: "deleted", ...none });
      for (const time of [recording.createdAt, recording.storedAt!])
        expect(formatDateTime(time, "America/Sao_Paulo")).toMatch(/^01\/.* 00:00$/);
    }
    const counted = await database().select().from(anonymisedCalls).where(eq(anonymisedCalls.unitId, ownUnit));
    expect(counted.map(({ month, recordings: count, queueId: of }) => [month, count, of]).sort()).toEqual([
      ["2026-02-01", 1, queueId],
      ["2026-03-01", 1, queueId],
    ]);
    const { rows } = await listDecisions(as(dpo!), { requestId, processId: request.processes.unnecessary_data! });
    expect(rows.map(({ callStartedAt }) => callStartedAt.toISOString()).sort()).toEqual(
      starts.map((start) => start.toISOString()).sort(),
    );
  });

  it("keeps the day of what is deleted and not anonymised", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const before = (await row(ids[0]!)).startedAt;
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    await sent(request, "deletion");
    await done();
    expect(await row(ids[0]!)).toMatchObject({ state: "deleted", startedAt: before, anonymisedAt: null });
  });

  it("does each batch once, however often its job runs and wherever it was killed", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    await sent(request, "deletion");
    const { requestId } = request;
    await Promise.all([carryOutDecisions(job(), { requestId }), carryOutDecisions(job(), { requestId })]);
    expect(await statesOf(ids)).toEqual(["deleting", "deleting"]);
    const orders = new Set((await Promise.all(ids.map(row))).map(({ deletionOrderId }) => deletionOrderId));
    expect(orders.size).toBe(1);
    expect(await carryOutDecisions(job(), { requestId })).toEqual({ more: false, erasing: true });
    await done();
    const again = job();
    expect(await carryOutDecisions(again, { requestId })).toEqual({ more: false, erasing: false });
    expect(await eventsOf(again)).toEqual([]);
    expect(await statesOf(ids)).toEqual(["deleted", "deleted"]);
  });

  it.each([
    ["withdrawn and closed", ["withdraw", "close"]],
    ["forwarded and answered", ["forward"]],
    ["of somebody who did not prove who they are, and answered", ["ask_subject", "fail_identity"]],
  ] as const)("that nobody approved is never done of a right that is %s", async (_, steps) => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    const { requestId } = request;
    for (const step of steps) await moveRights(as(dpo!), { requestId, step, reason: "Como consta do processo" });
    const [process] = await processesOf(requestId);
    if (process!.state !== "closed") await issueAnswer(as(dpo!), { requestId });
    expect(await enqueueFreedDeletions(job(), {})).toEqual({ requests: 0 });
    await carryOutDecisions(job(), { requestId });
    expect(await statesOf(ids)).toEqual(["stored"]);
  });

  it("is done after a letter that was kept while it waited for the request, by the clock, too", async () => {
    await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { measure: "delete" });
    await sent(request, "deletion");
    await workOff("subject_request", "deletion_order");
    const { requestId } = request;
    const { carrying, at } = await database().transaction(async (tx) => {
      await tx.select().from(subjectRequests).where(eq(subjectRequests.id, requestId)).for("update");
      const begun = carryOutDecisions(job(), { requestId });
      await waitUntil("it waits for the lock", waitsForLock);
      const [{ at: now } = { at: "" }] = await tx.execute<{ at: string }>(sql`select ${databaseNow}::text as at`);
      return { carrying: begun.then(() => null), at: new Date(now) };
    });
    await carrying;
    const ofRequest = eq(subjectRequestDecisions.requestId, requestId);
    const [decision] = await database().select().from(subjectRequestDecisions).where(ofRequest);
    expect(decision!.doneAt!.getTime()).toBeGreaterThanOrEqual(at.getTime());
  });
});

async function waitsForLock(): Promise<boolean> {
  const [row] = await database().execute<{ waits: boolean }>(sql`select exists (select from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock') as waits`);
  return row!.waits;
}

describe("a suspension", () => {
  it("holds also for what a hold brings back from its deletion", async () => {
    const [id] = await recordingsOf(number, unitId, [{}]);
    const request = await analysed(dpo!, number, ["objection"]);
    const marked = { state: "deleting" as const, deletingAt: new Date(), deletionReason: "retention_expired" };
    await database().update(recordings).set(marked).where(eq(recordings.id, id!));
    await decided(request, "objection", { measure: "block" });
    await sent(request, "objection");
    await workOff("subject_request");
    await placedHold(dpo!, [id!]);
    const { state, blockedAt } = await row(id!);
    expect([state, blockedAt !== null]).toEqual(["stored", true]);
  });

  it("blocks what was decided, once, and leaves the rest", async () => {
    const ids = await recordingsOf(number, unitId, [{}, {}]);
    const request = await analysed(dpo!, number, ["objection"]);
    const keep = { measure: "keep" as const, ground: "contract_performance" as const, fact, recordings: [ids[1]!] };
    await decided(request, "objection", keep);
    await decided(request, "objection", { measure: "block" });
    await sent(request, "objection");
    await done();
    const blocked = await database()
      .select({ id: recordings.id, blockedAt: recordings.blockedAt })
      .from(recordings)
      .where(inArray(recordings.id, ids));
    expect(blocked.filter(({ blockedAt }) => blockedAt).map(({ id }) => id)).toEqual([ids[0]]);
    expect(await resultsOf(request)).toEqual(["done", "done"]);
  });
});

describe("reopening", () => {
  it("ends what was decided and waited, and what was done stays", async () => {
    const ids = await recordingsOf(number, unitId, [{}]);
    const holdId = await placedHold(dpo!, ids);
    const request = await analysed(dpo!, number, ["deletion"]);
    await decided(request, "deletion", { fact });
    await sent(request, "deletion");
    await done();
    await expectRefusal(
      moveRights(as(dpo!), { requestId: request.requestId, step: "withdraw", reason: "Desistiu" }),
      "conflict",
    );
    await releasedHold(holdId, dpo!, substitute!);
    expect(await statesOf(ids)).toEqual(["stored"]);
  });
});
