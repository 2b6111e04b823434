import { beforeAll, expect, it } from "vitest";
import { endTerm } from "@/lib/compliance/terms/end-term";
import { listTerms } from "@/lib/compliance/terms/list-terms";
import { recordTerm } from "@/lib/compliance/terms/record-term";
import { voidTerm } from "@/lib/compliance/terms/void-term";
import { newId } from "@/lib/core/new-id";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";

let [dpo, auditor]: Person[] = [];
const asDpo = () => contextOf(dpo!.actor);
const list = () => listTerms(contextOf(auditor!.actor), {});

beforeAll(async () => {
  [dpo, auditor] = [await person("dpo"), await person("auditor")];
});

const term = (changed: object = {}) => ({
  ...{ termId: newId(), role: "officer" as const, name: "Maria da  Conceição", act: "Portaria 12/2026" },
  ...{ signedOn: "2026-01-05", startsOn: "2026-01-06", endsOn: "", ...changed },
});

it("records a designation once, and who has the office is known", async () => {
  const [first, again] = [asDpo(), asDpo()];
  const sent = term();
  await recordTerm(first, sent);
  await recordTerm(again, sent);
  expect(await eventsOf(first)).toMatchObject([
    { action: "officer_term.recorded", details: { officerRole: "officer", startsOn: "2026-01-06", endsOn: null } },
  ]);
  expect(await eventsOf(again)).toEqual([]);
  expect(JSON.stringify(await eventsOf(first))).not.toContain("Maria");
  const { terms, now, mayWrite } = await list();
  expect([terms.length, mayWrite]).toEqual([1, false]);
  expect(now).toEqual([
    { role: "officer", name: "Maria da Conceição", daysWithout: 0 },
    { role: "substitute", name: null, daysWithout: 0 },
  ]);
});

it("refuses a second person in one office, an act of tomorrow, and an end before the start", async () => {
  const refused = (changed: object, fields: Record<string, string>) =>
    expectRefusal(recordTerm(asDpo(), term(changed)), "invalid_input", fields);
  await refused({ startsOn: "2026-05-01" }, { startsOn: "overlaps" });
  await refused({ role: "substitute", signedOn: "2099-01-01" }, { signedOn: "in_the_future" });
  await refused({ role: "substitute", endsOn: "2026-01-01" }, { endsOn: "before_start" });
  await refused({ role: "substitute", act: " " }, { act: "too_small" });
});

it("of two at once only one has the office", async () => {
  const both = await Promise.allSettled([1, 2].map(() => recordTerm(asDpo(), term({ role: "substitute" }))));
  expect(both.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
});

it("ends a term once; the days without anybody are counted", async () => {
  const [{ id: termId } = { id: "" }] = (await list()).terms.filter(({ role }) => role === "officer");
  await expectRefusal(endTerm(asDpo(), { termId, endsOn: "2026-01-01" }), "invalid_input", { endsOn: "before_start" });
  const [first, again] = [asDpo(), asDpo()];
  await endTerm(first, { termId, endsOn: "2026-01-31" });
  await endTerm(again, { termId, endsOn: "2026-01-31" });
  expect(await eventsOf(first)).toMatchObject([{ action: "officer_term.ended", details: { endsOn: "2026-01-31" } }]);
  expect(await eventsOf(again)).toEqual([]);
  await expectRefusal(endTerm(asDpo(), { termId, endsOn: "2026-02-28" }), "conflict");
  await expectRefusal(endTerm(asDpo(), { termId: newId(), endsOn: "2026-02-28" }), "not_found");
  expect((await list()).now[0]!.daysWithout).toBeGreaterThan(0);
  await recordTerm(asDpo(), term({ startsOn: "2026-02-03", name: "João Alves" }));
  expect((await list()).now[0]).toEqual({ role: "officer", name: "João Alves", daysWithout: 2 });
});

it("voids an entry made in error, which stays in the history", async () => {
  const [{ id: termId } = { id: "" }] = (await list()).terms.filter(({ name }) => name === "João Alves");
  const [first, again] = [asDpo(), asDpo()];
  await voidTerm(first, { termId });
  await voidTerm(again, { termId });
  expect(await eventsOf(first)).toMatchObject([{ action: "officer_term.voided" }]);
  expect(await eventsOf(again)).toEqual([]);
  await expectRefusal(endTerm(asDpo(), { termId, endsOn: "2026-03-01" }), "not_found");
  await expectRefusal(voidTerm(asDpo(), { termId: newId() }), "not_found");
  const { terms, now } = await list();
  expect(terms.find(({ id }) => id === termId)).toMatchObject({ voidedBy: "Pessoa dpo" });
  expect(now[0]!.name).toBeNull();
});
