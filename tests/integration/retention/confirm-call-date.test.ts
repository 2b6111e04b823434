import { beforeAll, beforeEach, expect, test } from "vitest";
import { eq } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { runRetention } from "@/lib/deletion/runs/run-retention";
import { placeHold } from "@/lib/legal-holds/place-hold";
import { confirmCallDate } from "@/lib/retention/confirm-call-date";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { previewCallDate, type CallDatePreview } from "@/lib/retention/preview-call-date";
import { reportTrigger } from "@/lib/retention/report-trigger";
import { configuredStores } from "@/lib/storage/configured-store";
import { expectRefusal, person, type Person } from "../../support/actors";
import { policyTerms } from "../../support/policies";
import {
  admin,
  daysAgo,
  eventsAbout,
  job,
  localMidnight,
  policy,
  row,
  storedRecording,
  unitWithQueue,
} from "../../support/recordings";

let dpo: Person;
let unitId: string;
let policyId: string;

beforeAll(async () => {
  policyId = await policy(90);
  dpo = await person("dpo");
});
beforeEach(async () => {
  ({ unitId } = await unitWithQueue());
});

type Made = Partial<Parameters<typeof storedRecording>[0]>;
const doubtful = async (days: number, more: Made = {}) =>
  (await storedRecording({ unitId, startedAt: daysAgo(days), dateDoubt: "past_retention", ...more })).id;
const at = (days: number) => daysAgo(days).toISOString();
const preview = (recordingId: string, startedAt: string) => previewCallDate(dpo.context, { recordingId, startedAt });
const confirm = (recordingId: string, startedAt: string, shown: CallDatePreview, who = dpo.context) =>
  confirmCallDate(who, {
    recordingId,
    startedAt,
    shownRecordings: shown.recordings,
    shownRetainUntil: shown.retainUntil,
  });
const decide = async (recordingId: string, startedAt: string) =>
  confirm(recordingId, startedAt, await preview(recordingId, startedAt));
const run = () => runRetention(job(), { stores: configuredStores(), signal: AbortSignal.timeout(20_000) });

test("confirmed, a date that is past goes with the next run, as was said before", async () => {
  const id = await doubtful(200);
  expect(await preview(id, at(200))).toEqual({
    ...{ startedAt: daysAgo(200), isCorrection: false, recordings: 1, policy: "Padrão", minimumKept: false },
    ...{ retainUntil: localMidnight(-109), dueAtOnce: 1, held: 0 },
  });
  expect(await row(id), "a preview changes nothing").toMatchObject({ dateDoubt: "past_retention" });
  expect(await decide(id, at(200))).toEqual({ recordings: 1 });
  expect(await row(id)).toMatchObject({ dateDoubt: null, startedAt: daysAgo(200), state: "stored" });
  expect(await eventsAbout(id, "recording.date_confirmed")).toMatchObject([
    {
      actorId: dpo.userId,
      unitId,
      details: {
        ...{ dateDoubt: "past_retention", startedAtBefore: at(200), startedAt: at(200), minimumKept: false },
        ...{ retainUntilBefore: localMidnight(-109).toISOString(), retainUntil: localMidnight(-109).toISOString() },
        ...{ policyBefore: policyId, policyId, minimumUntil: null },
      },
    },
  ]);
  await run();
  expect(await row(id)).toMatchObject({ state: "deleted" });
});

test("corrected, it gets the date of the new start and stays", async () => {
  const id = await doubtful(2000);
  expect(await preview(id, at(10))).toMatchObject({
    ...{ isCorrection: true, retainUntil: localMidnight(81), dueAtOnce: 0, held: 0 },
  });
  await decide(id, at(10));
  await run();
  expect(await row(id)).toMatchObject({
    ...{ state: "stored", dateDoubt: null, startedAt: daysAgo(10), retainUntil: localMidnight(81) },
  });
  expect(await eventsAbout(id, "recording.date_corrected")).toMatchObject([
    { details: { startedAtBefore: at(2000), startedAt: at(10), retainUntil: localMidnight(81).toISOString() } },
  ]);
});

test("the policy is assigned anew: the one that matches today counts", async () => {
  const id = await doubtful(200);
  const match = { unitId };
  const terms = policyTerms(400, { name: "Da unidade", match });
  await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
  await database().update(recordings).set({ retentionPolicyId: policyId }).where(eq(recordings.id, id));
  expect(await preview(id, at(200))).toMatchObject({ policy: "Da unidade", dueAtOnce: 0 });
  await decide(id, at(200));
  expect((await row(id)).retentionPolicyId).not.toBe(policyId);
});

test("times without an offset are those of the unit; the second shown in the form is the recorded start", async () => {
  const startedAt = new Date(daysAgo(10).getTime() + 123);
  const id = await doubtful(10, { startedAt });
  const local = new Date(startedAt.getTime() - 3 * 3_600_000).toISOString().slice(0, 19);
  expect(await preview(id, local)).toMatchObject({ isCorrection: false, startedAt });
  expect(await preview(id, local.slice(0, 16))).toMatchObject({ isCorrection: false, startedAt });
  expect(await preview(id, "2026-03-04T10:20")).toMatchObject({
    ...{ isCorrection: true, startedAt: new Date("2026-03-04T13:20:00Z") },
  });
});

test("who comes second is refused, also if the recording is not stored or its date is certain", async () => {
  const id = await doubtful(200);
  const [shown, other] = [await preview(id, at(200)), await preview(id, at(3))];
  const both = await Promise.allSettled([confirm(id, at(200), shown), confirm(id, at(3), other)]);
  expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  await expectRefusal(confirm(id, at(200), shown), "conflict");
  await expectRefusal(preview(id, at(200)), "conflict");

  const gone = await doubtful(200);
  await database().update(recordings).set({ state: "deleting" }).where(eq(recordings.id, gone));
  await expectRefusal(confirm(gone, at(200), shown), "conflict");
  const { id: certain } = await storedRecording({ unitId, startedAt: daysAgo(200) });
  await expectRefusal(confirm(certain, at(3), shown), "conflict");
  expect(await row(certain)).toMatchObject({ startedAt: daysAgo(200) });
  await expectRefusal(confirm("00000000-0000-7000-8000-000000000000", at(3), shown), "not_found");
});

test("an earlier date than was shown is refused; a later one is accepted", async () => {
  const id = await doubtful(200);
  const shown = await preview(id, at(10));
  await expectRefusal(confirm(id, at(200), shown), "conflict");
  expect(await row(id)).toMatchObject({ dateDoubt: "past_retention" });
  await confirm(id, at(5), shown);
});

test("a start in the future is refused, also the recorded one; a real one ends the doubt", async () => {
  const id = await doubtful(0, { startedAt: daysAgo(-400), dateDoubt: "future" });
  const refused = { code: "invalid_input", details: { fields: [{ path: "startedAt", reason: "in_the_future" }] } };
  await expect(preview(id, at(-400))).rejects.toMatchObject(refused);
  await expect(preview(id, at(-3))).rejects.toMatchObject(refused);
  await expect(preview(id, "1850-01-01T00:00:00Z")).rejects.toMatchObject({ code: "invalid_input" });
  await expect(preview(id, "ontem")).rejects.toMatchObject({ code: "invalid_input" });
  await decide(id, at(1));
  expect(await row(id)).toMatchObject({ dateDoubt: null, retainUntil: localMidnight(90) });
});

test("one person brings no legal minimum forward; that of a future start counts from the arrival", async () => {
  const terms = policyTerms(100, {
    ...{ name: "Com mínimo", match: { unitId } },
    ...{ minimum: { value: 60, unit: "day" as const }, period: { value: 100, unit: "day" as const } },
  });
  await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
  const recent = await doubtful(5, { dateDoubt: "sender" });
  expect(await preview(recent, at(300))).toMatchObject({ minimumKept: true, dueAtOnce: 0 });
  await decide(recent, at(300));
  expect(await row(recent)).toMatchObject({ minimumUntil: localMidnight(56), retainUntil: localMidnight(56) });

  const future = await doubtful(0, { startedAt: daysAgo(-400), dateDoubt: "future" });
  await decide(future, at(20));
  expect(await row(future)).toMatchObject({ minimumUntil: localMidnight(61), retainUntil: localMidnight(81) });
});

test("a reported trigger counts on", async () => {
  const terms = policyTerms(30, {
    ...{ name: "Contrato", match: { unitId }, trigger: "contract_end" as const },
    ...{ period: { value: 30, unit: "day" as const }, waiting: { value: 50, unit: "day" as const } },
  });
  await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 });
  const id = await doubtful(200);
  await reportTrigger(dpo.context, { recordingId: id, kind: "contract_end", occurredAt: at(2) });
  expect(await row(id), "a report ends no doubt").toMatchObject({ dateDoubt: "past_retention" });
  await decide(id, at(150));
  expect(await row(id)).toMatchObject({ retainUntil: localMidnight(29), dateDoubt: null });
});

test("a legal hold keeps what the decision makes due, and the preview says so", async () => {
  const id = await doubtful(200);
  await placeHold(dpo.context, {
    ...{ matter: "Processo 0010", reason: "Ação em curso", ownerId: dpo.userId, reviewOn: "2099-01-31" },
    selection: { recordingIds: [id] },
  });
  expect(await preview(id, at(200))).toMatchObject({ dueAtOnce: 0, held: 1 });
  await decide(id, at(200));
  await run();
  expect(await row(id)).toMatchObject({ state: "stored", dateDoubt: null });
});

test("recordings of the call that came with the same start are decided together, others are not", async () => {
  const sourceCallId = `chamada-${unitId}`;
  const [first, second] = [await doubtful(200, { sourceCallId }), await doubtful(200, { sourceCallId })];
  const otherStart = await doubtful(201, { sourceCallId });
  const { id: certain } = await storedRecording({ unitId, sourceCallId, startedAt: daysAgo(200) });
  const otherCall = await doubtful(200);
  const shown = await preview(first, at(10));
  expect(shown).toMatchObject({ recordings: 2 });
  const third = await doubtful(200, { sourceCallId });
  await expectRefusal(confirm(first, at(10), shown), "conflict");
  expect(await decide(first, at(10))).toEqual({ recordings: 3 });
  for (const id of [first, second, third]) {
    expect(await row(id)).toMatchObject({ dateDoubt: null, startedAt: daysAgo(10), retainUntil: localMidnight(81) });
    expect(await eventsAbout(id, "recording.date_corrected")).toHaveLength(1);
  }
  expect(await row(otherStart)).toMatchObject({ dateDoubt: "past_retention", startedAt: daysAgo(201) });
  expect(await row(certain)).toMatchObject({ dateDoubt: null, startedAt: daysAgo(200) });
  expect(await row(otherCall)).toMatchObject({ dateDoubt: "past_retention" });
});

test("only DPO and administrators decide", async () => {
  const id = await doubtful(200);
  const shown = await preview(id, at(10));
  for (const role of ["supervisor", "auditor"] as const) {
    const { context } = await person(role, { unitIds: role === "supervisor" ? [unitId] : [] });
    await expectRefusal(confirm(id, at(10), shown, context), "forbidden");
    await expectRefusal(previewCallDate(context, { recordingId: id, startedAt: at(10) }), "forbidden");
  }
  expect(await row(id)).toMatchObject({ dateDoubt: "past_retention" });
  const { context } = await person("admin");
  await confirm(id, at(10), shown, context);
});
