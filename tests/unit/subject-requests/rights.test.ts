import { describe, expect, it, test } from "vitest";
import {
  processOutcomes,
  processStates,
  requestChannels,
  requesters,
  requestRights,
  type RequestRight,
} from "@/lib/db/schema/subject-request-words";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { outcomeInput, refusalCodes, refusals } from "@/lib/subject-requests/outcomes";
import { steps } from "@/lib/subject-requests/transitions";
import { requiredLevel, rightCodes, rightOf } from "@/lib/subject-requests/rights";

test("the table has each right once, in the order of the forms", () => {
  expect(rightCodes).toEqual([...requestRights]);
});

test("every article and source names its norm", () => {
  for (const right of rightCodes) {
    const { article, clock } = rightOf(right);
    expect(article).toMatch(/^(LGPD, art\. \d+|Decreto 11\.034\/2022, art\. 12)/);
    expect(clock.source).toMatch(/art\. \d+/);
  }
  for (const { article } of Object.values(refusals)) expect(article).toMatch(/^LGPD, art\. \d+/);
});

describe("the identity that a right requires", () => {
  const unrevealing: RequestRight[] = ["consent_information"];
  const byCodeAlone: RequestRight[] = ["confirmation", "consent_withdrawal", "objection"];

  it("is more than a code where audio, lists or deletions are concerned", () => {
    const others = rightCodes.filter((right) => !unrevealing.includes(right) && !byCodeAlone.includes(right));
    expect(others.map((right) => requiredLevel(right, "data_subject"))).toEqual(others.map(() => 2));
    expect(byCodeAlone.map((right) => requiredLevel(right, "data_subject"))).toEqual([1, 1, 1]);
  });

  it.each(requesters.filter((requester) => requester !== "data_subject"))("is a mandate for a %s", (requester) => {
    const levels = rightCodes.filter((right) => !unrevealing.includes(right)).map((r) => requiredLevel(r, requester));
    expect(new Set(levels)).toEqual(new Set([4]));
    expect(requiredLevel("consent_information", requester)).toBe(0);
  });
});

test("heirs may ask for what the company keeps, and for nothing that a living person decides", () => {
  const ofHeirs = rightCodes.filter((right) => rightOf(right).requesters.includes("heir"));
  expect(ofHeirs).toEqual([
    ...["confirmation", "simplified_access", "full_declaration", "electronic_copy", "sac_recording", "sac_history"],
  ]);
  for (const right of rightCodes)
    expect(rightOf(right).requesters).toEqual(expect.arrayContaining(["data_subject", "attorney", "parent"]));
});

describe.each(locales)("in %s", async (locale) => {
  const { subjectRequests: messages } = await loadMessages(locale);
  it.each([
    ["right", messages.rights, requestRights],
    ["right explained", messages.explanations, requestRights],
    ["channel", messages.channels, requestChannels],
    ["step", messages.steps, steps],
    ["state", messages.states, processStates],
    ["requester", messages.requesters, requesters],
    ["outcome", messages.outcomes, processOutcomes],
    ["ground of refusal", messages.refusals, refusalCodes],
  ] as const)("each %s has a name, and nothing else has", (_, names, codes) => {
    expect(Object.keys(names).sort()).toEqual([...codes].sort());
  });
});

describe("an outcome", () => {
  const ground = { code: "legal_obligation", fact: "Chamada ao SAC, mantida por 90 dias." };
  const ends = (outcome: unknown) => outcomeInput.safeParse(outcome).success;

  it("needs no ground if the right is wholly granted", () => {
    expect(ends({ outcome: "granted" })).toBe(true);
    expect(ends({ outcome: "granted", grounds: [ground] })).toBe(false);
  });

  it.each(["partly_granted", "refused"])("%s needs a code and a fact", (outcome) => {
    expect(ends({ outcome, grounds: [ground] })).toBe(true);
    expect(ends({ outcome, grounds: [ground, { ...ground, code: "legal_hold" }] })).toBe(true);
    for (const grounds of [undefined, [], [{ code: "legal_obligation" }], [{ ...ground, fact: "  curto   " }]])
      expect(ends({ outcome, grounds })).toBe(false);
    expect(ends({ outcome, grounds: [{ ...ground, code: "because" }] })).toBe(false);
    expect(ends({ outcome, grounds: [ground, ground] })).toBe(false);
  });

  it("that found nothing says so, and nothing else", () => {
    expect(ends({ outcome: "not_found", grounds: [{ ...ground, code: "not_found" }] })).toBe(true);
    expect(ends({ outcome: "not_found", grounds: [ground] })).toBe(false);
  });

  it("that is scheduled has a day and the ground that keeps the data until then", () => {
    expect(ends({ outcome: "scheduled", grounds: [ground], scheduledFor: "2027-02-28" })).toBe(true);
    expect(ends({ outcome: "scheduled", grounds: [ground], scheduledFor: "2027-02-29" })).toBe(false);
    expect(ends({ outcome: "scheduled", scheduledFor: "2027-02-28" })).toBe(false);
    expect(ends({ outcome: "scheduled", grounds: [ground] })).toBe(false);
  });

  it.each(processOutcomes)("%s is known to the form", (outcome) => {
    const grounds = [{ ...ground, code: outcome === "not_found" ? "not_found" : ground.code }];
    const rest = outcome === "granted" ? {} : { grounds };
    expect(ends({ outcome, ...rest, ...(outcome === "scheduled" ? { scheduledFor: "2027-02-28" } : {}) })).toBe(true);
  });
});
