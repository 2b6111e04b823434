import { beforeAll, expect, it } from "vitest";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { listDeadlines } from "@/lib/subject-requests/list-deadlines";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;

const again = () => contextOf(dpo.actor);
const terms = { source: "Política de privacidade, versão 4", reason: "Prazo assumido com os clientes" };
const change = (right: RequestRight, daysBefore: number, days: number, context = again()) =>
  changeDeadline(context, { right, daysBefore, days, ...terms });
const deadline = async (right: RequestRight) => (await listDeadlines(again(), {})).find((row) => row.right === right);
const receivedIn = { receivedAt: "2024-10-01T10:00:00", rights: ["portability"] as RequestRight[] };

beforeAll(async () => {
  dpo = await person("dpo");
});

it("without a norm can be changed, with a source, for what is received from then on", async () => {
  const before = await registerRequest(again(), letter(receivedIn));
  const context = again();
  expect(await change("portability", 15, 20, context)).toEqual({ right: "portability", days: 20 });
  const details = { right: "portability", days: 20, daysBefore: 15 };
  expect(await eventsOf(context)).toMatchObject([{ action: "subject_request.deadline_changed", details }]);
  expect(JSON.stringify(await eventsOf(context))).not.toContain(terms.reason);
  const after = await registerRequest(again(), letter(receivedIn));
  const daysOf = async ({ requestId }: { requestId: string }) => (await processesOf(requestId)).map(({ days }) => days);
  expect([await daysOf(before), await daysOf(after)]).toEqual([[15], [20]]);
  expect(await processesOf(after.requestId)).toMatchObject([
    { deadlineSource: terms.source, deadlineKind: "practice" },
  ]);
  expect(await deadline("portability")).toMatchObject({ days: 20, isChanged: true, limit: null, kind: "practice" });
});

it("of law cannot be made longer than the law, and can be made shorter", async () => {
  for (const [right, days] of [
    ["full_declaration", 15],
    ["sac_history", 5],
    ["confirmation", 0],
  ] as const)
    await expectRefusal(change(right, days, days + 1), "invalid_input", { days: "longer_than_the_law" });
  await change("full_declaration", 15, 10);
  expect(await deadline("full_declaration")).toMatchObject({ days: 10, limit: 15, kind: "law" });
  await change("full_declaration", 10, 15);
  expect(await deadline("full_declaration")).toMatchObject({ days: 15 });
});

it("that was changed meanwhile is not overwritten; the same change again changes nothing", async () => {
  await change("correction", 15, 12);
  await expectRefusal(change("correction", 15, 9), "conflict");
  const context = again();
  await change("correction", 15, 12, context);
  expect(await eventsOf(context)).toEqual([]);
});

it.each([
  ["without a reason", { reason: " " }],
  ["without a source", { source: "" }],
  ["of a negative number of days", { days: -1 }],
  ["longer than any", { days: 181 }],
])("%s is refused", async (_, wrong) => {
  const input = { right: "objection" as const, daysBefore: 15, days: 20, ...terms, ...wrong };
  await expectRefusal(changeDeadline(again(), input), "invalid_input");
});
