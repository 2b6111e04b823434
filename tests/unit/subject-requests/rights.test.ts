import { describe, expect, it, test } from "vitest";
import {
  audioForms,
  decisionMeasures,
  processOutcomes,
  processStates,
  requestChannels,
  requesters,
  requestRights,
  type RequestRight,
} from "@/lib/db/schema/subject-request-words";
import { locales } from "@/lib/i18n/locales";
import { loadMessages } from "@/lib/i18n/namespaces";
import { refusalCodes, refusals } from "@/lib/subject-requests/refusals";
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
    ["measure", messages.measures, [...decisionMeasures, "suggested"]],
    ["form of audio", messages.audioForms, audioForms],
  ] as const)("each %s has a name, and nothing else has", (_, names, codes) => {
    expect(Object.keys(names).sort()).toEqual([...codes].sort());
  });
});
