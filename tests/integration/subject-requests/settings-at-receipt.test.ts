import { beforeAll, expect, it } from "vitest";
import { changeController } from "@/lib/access/controller/change-controller";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { controllerVersions, subjectRequestDeadlines } from "@/lib/db/schema";
import type { RequestRight } from "@/lib/db/schema/subject-request-words";
import { changeDeadline } from "@/lib/subject-requests/change-deadline";
import { listDeadlines } from "@/lib/subject-requests/list-deadlines";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;

const again = () => contextOf(dpo.actor);
const rights: RequestRight[] = ["confirmation", "full_declaration", "sac_history", "portability"];
const legalName = "Telefonia Exemplo S.A.";
const terms = { source: "Política de privacidade, versão 4", reason: "Prazo assumido com os clientes" };

/** The days, and the end of the clock, of each right of a letter. */
async function clocksOf(receivedAt?: string) {
  const { requestId } = await registerRequest(again(), letter({ rights, ...(receivedAt && { receivedAt }) }));
  const rows = await processesOf(requestId);
  const read = <Value>(value: (row: (typeof rows)[number]) => Value) =>
    Object.fromEntries(rows.map((row) => [row.right, value(row)]));
  return { requestId, days: read(({ days }) => days), ends: read(({ dueUntil }) => dueUntil.toISOString()) };
}

/** What the company said in the course of 2024. The commands save with the time of now. */
beforeAll(async () => {
  dpo = await person("dpo");
  const small = { smallAgent: true, smallAgentReason: "Receita de R$ 900.000,00" };
  const said = { legalName, createdById: dpo.userId };
  await database()
    .insert(controllerVersions)
    .values([
      {
        ...{ id: newId(), version: 1, createdAt: new Date("2024-03-01T12:00:00Z") },
        ...{ ...said, ...small, deadlineTimeZone: "America/Manaus" },
      },
      {
        ...{ id: newId(), version: 2, createdAt: new Date("2024-06-01T12:00:00Z") },
        ...{ ...said, smallAgent: false, deadlineTimeZone: "America/Noronha" },
      },
    ]);
  const change = { id: newId(), right: "portability" as const, changedById: dpo.userId, ...terms };
  await database()
    .insert(subjectRequestDeadlines)
    .values({ ...change, days: 180, createdAt: new Date("2024-06-02T12:00:00Z") });
});

// 03:30 UTC is 00:30 in São Paulo, 23:30 of the day before in Manaus, and 01:30 in Noronha.
it.each([
  ["before the first version", "2024-02-10T03:30:00Z", [0, 15, 5, 15], "2024-02-16T03:00:00.000Z"],
  ["while the company was a small agent", "2024-03-10T03:30:00Z", [15, 30, 5, 15], "2024-03-15T04:00:00.000Z"],
  ["at the moment of the version", "2024-03-01T12:00:00Z", [15, 30, 5, 15], "2024-03-07T04:00:00.000Z"],
  ["when it was none any more", "2024-06-01T12:00:01Z", [0, 15, 5, 15], "2024-06-07T02:00:00.000Z"],
  ["on the day before a longer deadline", "2024-06-01T20:00:00Z", [0, 15, 5, 15], "2024-06-07T02:00:00.000Z"],
  ["on the day of it, before it", "2024-06-02T11:59:59Z", [0, 15, 5, 15], "2024-06-08T02:00:00.000Z"],
  ["after it", "2024-06-02T12:00:00Z", [0, 15, 5, 180], "2024-06-08T02:00:00.000Z"],
])("a letter that came %s counts by the settings of then", async (_, receivedAt, days, historyEnds) => {
  const clocks = await clocksOf(receivedAt);
  expect(rights.map((right) => clocks.days[right])).toEqual(days);
  expect(clocks.ends["sac_history"]).toBe(historyEnds);
});

it("the switch and the zone of the settings count for what comes from then on", async () => {
  const form = { legalName, deadlineTimeZone: "America/Rio_Branco" } as const;
  await changeController(again(), { ...form, version: 2, smallAgent: "true", smallAgentReason: "Receita de 2023" });
  expect((await clocksOf()).days).toMatchObject({ confirmation: 15, full_declaration: 30, sac_history: 5 });
  expect((await clocksOf("2024-06-02T12:00:00Z")).days).toMatchObject({ confirmation: 0, full_declaration: 15 });
  const limitOf = async (wanted: RequestRight) =>
    (await listDeadlines(again(), {})).find(({ right }) => right === wanted)?.limit;
  expect(await limitOf("full_declaration")).toBe(30);
  const change = (days: number) =>
    changeDeadline(again(), { right: "full_declaration", daysBefore: 30, days, ...terms });
  await expectRefusal(change(31), "invalid_input", { days: "longer_than_the_law" });
  await change(20);
  expect((await clocksOf()).days).toMatchObject({ full_declaration: 20 });
  // Typed as the clocks of Rio Branco showed it (UTC-5); Noronha, then in force, is UTC-2.
  const { requestId, ends } = await clocksOf("2024-08-01T22:30:00");
  expect(await readRequest(again(), { requestId })).toMatchObject({ receivedAt: new Date("2024-08-02T03:30:00Z") });
  expect(ends["sac_history"]).toBe("2024-08-08T02:00:00.000Z");

  await changeController(again(), { ...form, version: 3 });
  expect((await clocksOf()).days).toMatchObject({ confirmation: 0, full_declaration: 15 });
  expect(await limitOf("full_declaration")).toBe(15);
});
