import { beforeAll, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { controllerVersions } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { listDeadlines } from "@/lib/subject-requests/list-deadlines";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;

const again = () => contextOf(dpo.actor);
const terms = { source: "Política de privacidade, versão 4", reason: "Prazo assumido com os clientes" };
const change = (right: RequestRight, daysBefore: number, days: number | null, context = again()) =>
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
  const late = await registerRequest(again(), letter(receivedIn));
  const after = await registerRequest(again(), letter({ rights: receivedIn.rights }));
  const daysOf = async ({ requestId }: { requestId: string }) => (await processesOf(requestId)).map(({ days }) => days);
  expect([await daysOf(before), await daysOf(late), await daysOf(after)]).toEqual([[15], [15], [20]]);
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
  await change("sac_history", 5, 3);
  expect(await deadline("sac_history")).toMatchObject({ days: 3, limit: 5, kind: "law" });
  await change("sac_history", 3, 5);
  expect(await deadline("sac_history")).toMatchObject({ days: 5 });
});

it("that was changed meanwhile is not overwritten; the same change again changes nothing", async () => {
  await change("correction", 15, 12);
  await expectRefusal(change("correction", 15, 9), "conflict");
  const context = again();
  await change("correction", 15, 12, context);
  expect(await eventsOf(context)).toEqual([]);
});

it("goes back to the preset, which then follows the norms", async () => {
  await change("automated_review", 15, 25);
  const context = again();
  await change("automated_review", 25, null, context);
  expect(await eventsOf(context)).toMatchObject([{ details: { days: null, daysBefore: 25 } }]);
  expect(await deadline("automated_review")).toMatchObject({ days: 15, isChanged: false });
  const repeated = again();
  await change("automated_review", 25, null, repeated);
  expect(await eventsOf(repeated)).toEqual([]);
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

it("of a small agent are longer where the resolution says so, and count in the controller's zone", async () => {
  const settings = { legalName: "Empresa Exemplo Ltda.", deadlineTimeZone: "America/Manaus", smallAgent: true };
  const first = { id: newId(), version: 1, createdById: dpo.userId, createdAt: new Date("2024-09-01T12:00:00Z") };
  await database()
    .insert(controllerVersions)
    .values({ ...first, ...settings, smallAgentReason: "Microempresa" });
  const rights: RequestRight[] = ["confirmation", "full_declaration", "sac_history"];
  // 00:30 of 2 October in São Paulo is still the 1st in Manaus.
  const { requestId } = await registerRequest(again(), letter({ rights, receivedAt: "2024-10-02T03:30:00Z" }));
  const clocks = (await processesOf(requestId)).map(({ right, dueUntil }) => [right, dueUntil.toISOString()]);
  expect(clocks).toEqual([
    ["sac_history", "2024-10-07T04:00:00.000Z"],
    ["confirmation", "2024-10-17T04:00:00.000Z"],
    ["full_declaration", "2024-11-01T04:00:00.000Z"],
  ]);
  await expectRefusal(change("full_declaration", 30, 31), "invalid_input", { days: "longer_than_the_law" });
  await change("full_declaration", 30, 20);
  await database()
    .insert(controllerVersions)
    .values({ id: newId(), version: 2, createdById: dpo.userId, ...settings, smallAgent: false });
  expect(await deadline("full_declaration")).toMatchObject({ days: 15, isChanged: false });
});
