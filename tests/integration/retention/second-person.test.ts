import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { listApprovals } from "@/lib/overview/list-approvals";
import { database } from "@/lib/db/client";
import { approvals } from "@/lib/db/schema";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { decideMinimumReduction } from "@/lib/retention/policies/decide-minimum-reduction";
import { readRetentionPolicy } from "@/lib/retention/policies/read-retention-policy";
import { endOfPeriod } from "@/lib/core/time";
import { withdrawMinimumReduction } from "@/lib/retention/policies/withdraw-minimum-reduction";
import { env } from "@/lib/core/env";
import { policyTerms } from "../../support/policies";
import { contextOf, person, type Person } from "../../support/actors";
import { changeTerms, endPolicy, inDays, readPolicy } from "../../support/policy-changes";
import { daysAgo, eventsAbout, policy, row, storedRecording, unitWithQueue } from "../../support/recordings";

let admin: Person;
let dpo: Person;
let unitId: string;
let defaultId: string;
const startedAt = daysAgo(10);
const again = ({ actor }: Person) => contextOf(actor);
const until = (days: number) => endOfPeriod(startedAt, inDays(days), env().CONTROLLER_TIME_ZONE);
const stateOf = async (approvalId: string) =>
  (await database().select().from(approvals).where(eq(approvals.id, approvalId)))[0]!.state;

beforeAll(async () => {
  defaultId = await policy(60);
  ({ unitId } = await unitWithQueue());
  [admin, dpo] = await Promise.all([person("admin"), person("dpo")]);
});

async function withMinimum(callKind: string) {
  const terms = policyTerms(180, { match: { unitId, callKind }, name: callKind, minimum: inDays(90) });
  const { policyId } = await createRetentionPolicy(again(admin), { terms, reason: "Teste", acknowledgedDue: 0 });
  const { id } = await storedRecording({ unitId, startedAt, callKind });
  return { policyId, id };
}

const shorten = async (policyId: string) =>
  (await changeTerms(policyId, { minimum: inDays(30), period: inDays(40) }, { by: again(admin) })) as {
    approvalId: string;
  };

it("a shorter minimum changes nothing until another person approves; then minimums are reduced", async () => {
  const { policyId, id } = await withMinimum("a");
  const { approvalId } = await shorten(policyId);
  expect(await readPolicy(policyId)).toMatchObject({ version: 1, minimum: inDays(90) });
  expect(await row(id)).toMatchObject({ minimumUntil: until(90), retainUntil: until(180) });
  expect(await eventsAbout(approvalId)).toMatchObject([
    { action: "approval.requested", actorId: admin.userId, details: { kind: "policy_floor", subjectId: policyId } },
  ]);

  const pending = (await listApprovals(again(dpo), { state: "pending" })).rows.find(
    (found) => found.id === approvalId,
  )!;
  expect(pending).toMatchObject({
    mayDecide: true,
    subject: "a",
    minimumReduction: {
      change: "update",
      before: { minimum: inDays(90) },
      after: { minimum: inDays(30) },
      effect: { recordings: 1, earlier: { recordings: 1 }, minimumEarlier: 1 },
    },
  });
  // The requester may not decide, in any session.
  await expect(
    decideMinimumReduction(again(admin), { approvalId, decision: "approved", reason: "Conferido por mim" }),
  ).rejects.toMatchObject({
    code: "second_person_required",
    status: 403,
  });
  expect((await eventsAbout(approvalId)).at(-1)).toMatchObject({
    action: "approval.decision_refused",
    outcome: "denied",
    actorId: admin.userId,
  });
  expect(await stateOf(approvalId)).toBe("pending");
  await expect(shorten(policyId)).rejects.toMatchObject({ code: "approval_pending" });

  await decideMinimumReduction(again(dpo), { approvalId, decision: "approved", reason: "Conferido por mim" });
  expect(await row(id)).toMatchObject({
    minimumUntil: until(30),
    minimumPolicyVersion: 2,
    retainUntil: until(40),
    retentionPolicyVersion: 2,
  });
  expect((await eventsAbout(approvalId)).at(-1)).toMatchObject({ action: "approval.approved", actorId: dpo.userId });
  expect((await eventsAbout(policyId, "retention_policy.updated"))[0]).toMatchObject({
    actorId: dpo.userId,
    details: { approvedById: dpo.userId, minimum: "30 day", version: 2 },
  });
  const { versions } = await readRetentionPolicy(again(dpo), { policyId });
  expect(versions[0]).toMatchObject({
    version: 2,
    reason: "Teste",
    changedBy: expect.any(String),
    approvedBy: expect.any(String),
  });
  await expect(
    decideMinimumReduction(again(dpo), { approvalId, decision: "approved", reason: "Conferido por mim" }),
  ).rejects.toMatchObject({
    code: "conflict",
  });
});

it.each<[string, (policyId: string) => Promise<unknown>]>([
  ["no minimum", (id) => changeTerms(id, { minimum: null }, { by: again(admin) })],
  [
    "3 months in place of 90 days",
    (id) => changeTerms(id, { minimum: { value: 3, unit: "month" } }, { by: again(admin) }),
  ],
  [
    "counted from something else",
    (id) => changeTerms(id, { trigger: "complaint", waiting: inDays(180) }, { by: again(admin) }),
  ],
  ["matching less", (id) => changeTerms(id, { match: { direction: "inbound" } }, { by: again(admin) })],
  ["ended", (id) => endPolicy(id, { by: again(admin) })],
])("requires an approval: %s", async (name, change) => {
  const { policyId, id } = await withMinimum(name);
  const { approvalId } = (await change(policyId)) as { approvalId: string };
  expect(approvalId).toEqual(expect.any(String));
  expect(await readPolicy(policyId)).toMatchObject({ version: 1, active: true });
  await decideMinimumReduction(again(dpo), { approvalId, decision: "rejected", reason: "Conferido por mim" });
  expect(await stateOf(approvalId)).toBe("rejected");
  expect(await readPolicy(policyId)).toMatchObject({ version: 1, active: true });
  expect(await row(id)).toMatchObject({ minimumUntil: until(90) });
  expect((await eventsAbout(approvalId)).map(({ action }) => action)).toEqual([
    "approval.requested",
    "approval.rejected",
  ]);
});

it("requires no approval for a longer minimum, another period above it, or a wider match", async () => {
  const { policyId } = await withMinimum("wider");
  for (const changes of [
    { minimum: inDays(92) },
    { minimum: { value: 4, unit: "month" as const } },
    { period: inDays(130) },
    { match: { callKind: null } },
  ]) {
    expect(await changeTerms(policyId, changes, { by: again(admin) })).toEqual({ policyId, finished: true });
  }
  await changeTerms(policyId, { match: { unitId, callKind: null } }, { by: again(admin) });
});

it("refuses a decision on an outdated request; the requester can withdraw it", async () => {
  const { policyId } = await withMinimum("stale");
  const { approvalId } = await shorten(policyId);
  await changeTerms(policyId, { name: "Outro nome" }, { by: again(admin) });
  await expect(
    decideMinimumReduction(again(dpo), { approvalId, decision: "approved", reason: "Conferido por mim" }),
  ).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await stateOf(approvalId)).toBe("pending");
  expect(
    (await listApprovals(again(dpo), { state: "pending" })).rows.find((found) => found.id === approvalId)!
      .minimumReduction!.effect,
  ).toBeNull();
  const other = await person("admin");
  await expect(withdrawMinimumReduction(again(other), { approvalId })).rejects.toMatchObject({ code: "not_found" });
  await withdrawMinimumReduction(again(admin), { approvalId });
  expect(await stateOf(approvalId)).toBe("withdrawn");
  expect((await eventsAbout(approvalId)).at(-1)).toMatchObject({ action: "approval.withdrawn", actorId: admin.userId });
});

it("a policy without a minimum does not replace a default that has one", async () => {
  const elsewhere = await unitWithQueue();
  await changeTerms(defaultId, { minimum: inDays(20) }, { by: again(admin) });
  const created = (await createRetentionPolicy(again(admin), {
    terms: policyTerms(50, { match: { unitId: elsewhere.unitId } }),
    reason: "Teste",
    acknowledgedDue: 0,
  })) as { approvalId?: string; policyId: string };
  expect(created.approvalId).toEqual(expect.any(String));
  await expect(readRetentionPolicy(again(dpo), { policyId: created.policyId })).rejects.toMatchObject({
    code: "not_found",
  });
  await decideMinimumReduction(again(dpo), {
    approvalId: created.approvalId!,
    decision: "approved",
    reason: "Conferido por mim",
  });
  expect((await readPolicy(created.policyId)).version).toBe(1);
});
