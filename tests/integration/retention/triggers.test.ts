import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import { retentionTriggers } from "@/lib/db/schema";
import { env } from "@/lib/core/env";
import { createRetentionPolicy } from "@/lib/retention/policies/create-retention-policy";
import { decideMinimumReduction } from "@/lib/retention/policies/decide-minimum-reduction";
import { endOfPeriod } from "@/lib/core/time";
import { smallAudio } from "../../support/audio-fixtures";
import { policyTerms } from "../../support/policies";
import { call } from "../../support/portal";
import {
  eventsAbout,
  phoneSystem,
  problemOf,
  recordingRow,
  storedRecording,
  type PhoneSystem,
} from "../../support/uploads";
import { contextOf, person } from "../../support/actors";
import { changeTerms } from "../../support/policy-changes";
import { admin } from "../../support/recordings";

let system: PhoneSystem;
let policyId: string;
const years = (value: number) => ({ value, unit: "year" as const });
const report = (headers: Record<string, string>, id: string, json: unknown) =>
  call("POST", `/api/recordings/${id}/triggers`, { headers, json });
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);

beforeAll(async () => {
  system = await phoneSystem();
  const terms = policyTerms(1, {
    match: { unitId: system.unitId },
    trigger: "contract_end",
    minimum: years(5),
    period: years(6),
    waiting: years(10),
  });
  ({ policyId } = await createRetentionPolicy(admin(), { terms, reason: "Teste", acknowledgedDue: 0 }));
});

it("a report sets the dates; a repeat changes nothing; a correction reduces no minimum", async () => {
  const id = await storedRecording(system, smallAudio(), { startedAt: hoursAgo(24 * 40).toISOString() });
  const zone = env().CONTROLLER_TIME_ZONE;
  const { startedAt } = await recordingRow(id);
  expect(await recordingRow(id)).toMatchObject({
    retentionPolicyId: policyId,
    retainUntil: endOfPeriod(startedAt, years(10), zone),
    minimumUntil: endOfPeriod(startedAt, years(5), zone),
  });
  const ended = hoursAgo(24 * 3);
  const said = { kind: "contract_end", occurredAt: ended.toISOString() };
  const dates = {
    id,
    retainUntil: endOfPeriod(ended, years(6), zone).toISOString(),
    minimumUntil: endOfPeriod(ended, years(5), zone).toISOString(),
    minimumKept: false,
  };
  for (let time = 0; time < 2; time += 1) {
    const answer = await report(system.headers, id, said);
    expect([answer.status, await answer.json()]).toEqual([200, dates]);
  }
  const earlier = hoursAgo(24 * 20);
  const corrected = (await (
    await report(system.headers, id, { ...said, occurredAt: earlier.toISOString() })
  ).json()) as object;
  const kept = { ...dates, retainUntil: endOfPeriod(earlier, years(6), zone).toISOString(), minimumKept: true };
  expect(corrected).toEqual(kept);
  expect(
    await (await report(system.headers, id, { ...said, occurredAt: earlier.toISOString() })).json(),
    "said again",
  ).toEqual(kept);
  // A policy change calculates the same date as the report.
  const before = await recordingRow(id);
  await changeTerms(policyId, { waiting: years(9) });
  expect(await recordingRow(id)).toMatchObject({ retainUntil: before.retainUntil, minimumUntil: before.minimumUntil });
  expect(await database().select().from(retentionTriggers).where(eq(retentionTriggers.recordingId, id))).toHaveLength(
    2,
  );
  const events = await eventsAbout(id, "recording.trigger_reported");
  expect(events).toMatchObject([
    { actorType: "service", details: { kind: "contract_end", occurredAt: ended.toISOString(), previous: null } },
    { details: { previous: ended.toISOString(), minimumKept: true } },
  ]);
});

it("a preserved minimum is reduced when a second person approves a shorter one", async () => {
  const [asking, deciding] = [await person("admin"), await person("dpo")];
  const id = await storedRecording(system, smallAudio(), { startedAt: hoursAgo(24 * 40).toISOString() });
  const zone = env().CONTROLLER_TIME_ZONE;
  const [wrong, right] = [hoursAgo(24 * 3), hoursAgo(24 * 30)];
  for (const occurredAt of [wrong, right])
    await report(system.headers, id, { kind: "contract_end", occurredAt: occurredAt.toISOString() });
  expect(await recordingRow(id)).toMatchObject({ minimumUntil: endOfPeriod(wrong, years(5), zone) });
  const minimum = { value: 1825, unit: "day" as const };
  const { approvalId } = (await changeTerms(policyId, { minimum }, { by: contextOf(asking.actor) })) as {
    approvalId: string;
  };
  expect(await recordingRow(id)).toMatchObject({ minimumUntil: endOfPeriod(wrong, years(5), zone) });
  await decideMinimumReduction(contextOf(deciding.actor), {
    approvalId,
    decision: "approved",
    reason: "Conferido por mim",
  });
  expect(await recordingRow(id)).toMatchObject({ minimumUntil: endOfPeriod(right, minimum, zone) });
});

it("refuses a report for an unknown recording, another system's call, a future date, and invalid input", async () => {
  const [id, other] = [await storedRecording(system), await phoneSystem()];
  const said = { kind: "complaint", occurredAt: hoursAgo(1).toISOString() };
  expect(await problemOf(await report(other.headers, id, said))).toMatchObject({ status: 404, code: "not_found" });
  expect(await problemOf(await report({}, id, said))).toMatchObject({ status: 401 });
  for (const wrong of [
    { ...said, kind: "call" },
    { ...said, occurredAt: hoursAgo(-48).toISOString() },
    { ...said, occurredAt: "ontem" },
    {},
  ]) {
    expect(await problemOf(await report(system.headers, id, wrong))).toMatchObject({
      status: 422,
      code: "invalid_input",
    });
  }
  expect(await problemOf(await report(system.headers, "x", said))).toMatchObject({ status: 422 });
  expect(await database().select().from(retentionTriggers).where(eq(retentionTriggers.recordingId, id))).toEqual([]);
});
