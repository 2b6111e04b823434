import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isEverShorter } from "@/lib/retention/policies/period-comparison";
import { datesCalculator, nextDates } from "@/lib/retention/dates-calculator";
import { termsInput } from "@/lib/retention/policies/policy-input";
import type { RetentionFacts } from "@/lib/retention/policies/policy-match";
import type { Period } from "@/lib/retention/policies/policy-terms";
import {
  policiesFor,
  policyDates,
  recordingDates,
  type ActivePolicy,
  type DatedCall,
} from "@/lib/retention/recording-dates";
import { endOfPeriod } from "@/lib/core/time";
import { everything, policyTerms } from "../../support/policies";
import { seedCount } from "../../support/seeds";

const zone = "America/Sao_Paulo";
const period = (value: number, unit: Period["unit"] = "day"): Period => ({ value, unit });
const call = (startedAt: string, triggers: DatedCall["triggers"] = {}): DatedCall => ({
  startedAt: new Date(startedAt),
  triggers,
});

function policy(id: string, days: number, changes: Parameters<typeof policyTerms>[1] = {}): ActivePolicy {
  return { ...policyTerms(days, { match: {}, ...changes }), id, version: 1 };
}

const periods = fc.record({
  value: fc.integer({ min: 1, max: 90 }),
  unit: fc.constantFrom<Period["unit"]>("day", "month", "year"),
});
const places = fc.constantFrom(null, "a", "b");
const policies = fc
  .array(
    fc.record({
      match: fc.record({
        unitId: places,
        queueId: places,
        direction: fc.constantFrom(null, "inbound" as const),
        callKind: fc.constantFrom(null, "sale"),
      }),
      trigger: fc.constantFrom("call" as const, "contract_end" as const, "complaint" as const, "resolution" as const),
      minimum: fc.option(periods),
      period: periods,
      waiting: periods,
    }),
    { maxLength: 5 },
  )
  .map((terms): ActivePolicy[] => [
    { ...policyTerms(180), id: "default", version: 3 },
    ...terms.map(({ waiting, ...rest }, index) => ({
      ...policy(`p${index}`, 1),
      ...rest,
      waiting: rest.trigger === "call" ? null : waiting,
    })),
  ]);
const instants = fc.date({
  min: new Date("2012-01-01T00:00:00Z"),
  max: new Date("2030-12-31T00:00:00Z"),
  noInvalidDate: true,
});
const recordings = fc.record({
  unitId: fc.constantFrom("a", "b", "c"),
  queueId: places,
  direction: fc.constantFrom("inbound" as const, "outbound" as const),
  callKind: fc.constantFrom(null, "sale", "complaint"),
  startedAt: instants,
  triggers: fc.record({ contract_end: instants, complaint: instants, resolution: instants }, { requiredKeys: [] }),
});

describe("the policies of a recording", () => {
  const all = [
    policy("any", 1, { match: {} }),
    policy("unit", 1, { match: { unitId: "a" } }),
    policy("queue", 1, { match: { unitId: "a", queueId: "q" } }),
    policy("sale", 1, { match: { callKind: "sale" } }),
    { ...policyTerms(180), id: "default", version: 1 },
  ];
  const facts: RetentionFacts = { unitId: "b", queueId: null, direction: "inbound", callKind: null };
  it.each<[Partial<RetentionFacts>, string[]]>([
    [{}, ["any"]],
    [{ unitId: "a" }, ["any", "unit"]],
    [{ unitId: "a", queueId: "q", callKind: "sale" }, ["any", "unit", "queue", "sale"]],
  ])("are all that match: %j", (changes, ids) => {
    expect(policiesFor(all, { ...facts, ...changes }).map(({ id }) => id)).toEqual(ids);
  });
  it("include the default only when no other matches", () => {
    expect(policiesFor(all.slice(1), facts).map(({ id }) => id)).toEqual(["default"]);
  });
});

describe("the dates of one recording", () => {
  it("take the latest minimum and the latest deletion date", () => {
    const both = [policy("a", 180, { minimum: period(90) }), policy("b", 100, { minimum: period(95) })];
    const startedAt = new Date("2026-03-01T15:00:00Z");
    expect(recordingDates(both, { startedAt, triggers: {} }, zone)).toEqual({
      ...{ retentionPolicyId: "a", retentionPolicyVersion: 1, retainUntil: endOfPeriod(startedAt, period(180), zone) },
      ...{ minimumPolicyId: "b", minimumPolicyVersion: 1, minimumUntil: endOfPeriod(startedAt, period(95), zone) },
    });
  });

  it("never allow deletion before the minimum, whose policy then gives both dates", () => {
    const waiting = policy("contract", 1, {
      trigger: "contract_end",
      minimum: period(5, "year"),
      period: period(5, "year"),
      waiting: period(1, "year"),
    });
    const dates = recordingDates([waiting, policy("short", 30)], call("2026-03-01T15:00:00Z"), zone)!;
    expect(dates).toMatchObject({ retentionPolicyId: "contract", minimumPolicyId: "contract" });
    expect(dates.retainUntil).toEqual(dates.minimumUntil);
  });

  it("count from a trigger once it is reported, from the call until then", () => {
    const contract = policy("contract", 1, {
      trigger: "contract_end",
      minimum: period(5, "year"),
      period: period(6, "year"),
      waiting: period(10, "year"),
    });
    const startedAt = new Date("2026-03-01T15:00:00Z");
    expect(policyDates(contract, { startedAt, triggers: {} }, zone)).toEqual({
      minimumUntil: endOfPeriod(startedAt, period(5, "year"), zone),
      needUntil: endOfPeriod(startedAt, period(10, "year"), zone),
    });
    const ended = new Date("2027-07-10T15:00:00Z");
    expect(policyDates(contract, { startedAt, triggers: { contract_end: ended, complaint: startedAt } }, zone)).toEqual(
      {
        minimumUntil: endOfPeriod(ended, period(5, "year"), zone),
        needUntil: endOfPeriod(ended, period(6, "year"), zone),
      },
    );
    expect(
      policyDates(contract, { startedAt, triggers: { contract_end: new Date("2020-01-01T00:00:00Z") } }, zone)
        .minimumUntil,
    ).toEqual(endOfPeriod(startedAt, period(5, "year"), zone));
  });

  it("have no minimum for a complaint that was not reported", () => {
    const complaint = policy("complaint", 1, {
      trigger: "complaint",
      minimum: period(5, "year"),
      period: period(5, "year"),
      waiting: period(180),
    });
    const startedAt = new Date("2026-03-01T15:00:00Z");
    expect(policyDates(complaint, { startedAt, triggers: {} }, zone)).toEqual({
      minimumUntil: null,
      needUntil: endOfPeriod(startedAt, period(180), zone),
    });
    expect(policyDates(complaint, { startedAt, triggers: { complaint: startedAt } }, zone).minimumUntil).toEqual(
      endOfPeriod(startedAt, period(5, "year"), zone),
    );
  });
});

it("for any policies there is a date, never before the minimum, equal for one recording and for many", () => {
  fc.assert(
    fc.property(policies, fc.array(recordings, { minLength: 1, maxLength: 20 }), (all, many) => {
      const datesOf = datesCalculator(all, zone);
      for (const recording of many) {
        const counting = policiesFor(all, recording);
        const dates = recordingDates(counting, recording, zone)!;
        expect(datesOf(recording)).toEqual(dates);
        const each = counting.map((found) => policyDates(found, recording, zone));
        const latest = (values: (Date | null)[]) => Math.max(...values.map((value) => value?.getTime() ?? -Infinity));
        const minimum = latest(each.map(({ minimumUntil }) => minimumUntil));
        expect(dates.minimumUntil?.getTime() ?? -Infinity).toBe(minimum);
        expect(dates.retainUntil.getTime()).toBe(Math.max(minimum, latest(each.map(({ needUntil }) => needUntil))));
        expect(dates.retainUntil > recording.startedAt).toBe(true);
        expect(
          all.some(({ id, version }) => id === dates.retentionPolicyId && version === dates.retentionPolicyVersion),
        ).toBe(true);
        expect(dates.minimumPolicyId === null).toBe(dates.minimumUntil === null);
      }
    }),
    { numRuns: seedCount(300) },
  );
});

it("another policy never makes a date earlier, unless it replaces the default", () => {
  fc.assert(
    fc.property(policies, recordings, (all, recording) => {
      for (let count = 2; count < all.length; count += 1) {
        const [before, after] = [all.slice(0, count), all.slice(0, count + 1)];
        if (policiesFor(before, recording).some(({ isDefault }) => isDefault)) continue;
        const [earlier, later] = [before, after].map((some) =>
          recordingDates(policiesFor(some, recording), recording, zone)!,
        );
        expect(later!.retainUntil >= earlier!.retainUntil).toBe(true);
        expect((later!.minimumUntil ?? 0) >= (earlier!.minimumUntil ?? 0)).toBe(true);
      }
    }),
    { numRuns: seedCount(300) },
  );
});

it("a minimum becomes earlier only by approval", () => {
  fc.assert(
    fc.property(policies, policies, recordings, fc.boolean(), (old, now, recording, isApproved) => {
      const current = recordingDates(policiesFor(old, recording), recording, zone)!;
      const computed = recordingDates(policiesFor(now, recording), recording, zone)!;
      const next = nextDates(current, computed, isApproved);
      if (isApproved) expect(next).toEqual(computed);
      else expect((next.minimumUntil ?? 0) >= (current.minimumUntil ?? 0)).toBe(true);
      if (next.minimumUntil) expect(next.retainUntil >= next.minimumUntil).toBe(true);
    }),
    { numRuns: seedCount(300) },
  );
});

describe("periods, compared for every first day", () => {
  it.each<[Period, Period, boolean]>([
    [period(3, "month"), period(90), true],
    [period(92), period(3, "month"), false],
    [period(91), period(3, "month"), true],
    [period(1, "year"), period(12, "month"), false],
    [period(365), period(1, "year"), true],
    [period(366), period(1, "year"), false],
    [period(5, "year"), period(1826), true],
    [period(5, "year"), period(1825), false],
  ])("%j can be shorter than %j: %s", (one, other, expected) => {
    expect(isEverShorter(one, other)).toBe(expected);
  });
});

describe("invalid terms are refused at their field", () => {
  it.each<[string, object, string, string]>([
    ["no days", { period: period(0) }, "period.value", "too_small"],
    ["more than a hundred years", { period: period(101, "year") }, "period.value", "too_big"],
    [
      "shorter than the minimum",
      { minimum: period(90), period: period(3, "month") },
      "period.value",
      "shorter_than_minimum",
    ],
    ["no period without the trigger", { trigger: "complaint" }, "waiting.value", "waiting_required"],
    ["one that nothing needs", { waiting: period(3) }, "waiting.value", "without_trigger_only"],
    [
      "a default of one unit",
      { match: { ...everything, unitId: "01937d5c-7a10-7c3e-9a0b-6f2d4c1e8b55" } },
      "isDefault",
      "default_matches_all",
    ],
    ["no basis", { legalBasis: "art8" }, "legalBasis", "invalid_value"],
    ["no such day", { reviewOn: "2026-02-30" }, "reviewOn", "invalid_format"],
    ["nothing", { justification: " " }, "justification", "too_small"],
  ])("%s", (_, changes, path, reason) => {
    const parsed = termsInput.safeParse({ ...policyTerms(180), ...changes });
    const problems = parsed.error?.issues.map((issue) => [
      issue.path.join("."),
      issue.code === "custom" ? issue.message : issue.code,
    ]);
    expect(problems).toContainEqual([path, reason]);
  });
});
