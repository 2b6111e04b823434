import { beforeAll, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { createUnit } from "@/lib/access/units/create-unit";
import { listUnits } from "@/lib/access/units/list-units";
import { updateUnit } from "@/lib/access/units/update-unit";
import { contextOf, eventsOf, expectRefusal, person, unit, type Person } from "../../support/actors";

let admin: Person;

beforeAll(async () => {
  admin = await person("admin");
});

const asAdmin = () => contextOf(admin.actor);

test("creates a unit with a code and a Brazilian time zone; later only its name and zone change", async () => {
  const context = asAdmin();
  const { unitId } = await createUnit(context, {
    code: "cobranca-2",
    name: " Cobrança 2 ",
    timeZone: "America/Manaus",
  });
  expect(await eventsOf(context)).toMatchObject([
    { action: "unit.created", targetId: unitId, details: { code: "cobranca-2", timeZone: "America/Manaus" } },
  ]);

  const change = asAdmin();
  await updateUnit(change, { unitId, name: "Cobrança Dois", timeZone: "America/Rio_Branco" });
  expect(await eventsOf(change)).toMatchObject([
    {
      action: "unit.updated",
      targetId: unitId,
      details: { nameChanged: true, timeZoneBefore: "America/Manaus", timeZone: "America/Rio_Branco" },
    },
  ]);
  expect((await listUnits(asAdmin(), {})).find(({ id }) => id === unitId)).toEqual({
    id: unitId,
    code: "cobranca-2",
    name: "Cobrança Dois",
    timeZone: "America/Rio_Branco",
    areaCode: null,
    outsidePrefix: null,
  });

  const again = asAdmin();
  await updateUnit(again, { unitId, name: "Cobrança Dois", timeZone: "America/Rio_Branco" });
  expect(await eventsOf(again)).toEqual([]);
});

test("gives a code to one of many parallel requests", async () => {
  const form = { code: "vendas", name: "Vendas", timeZone: "America/Sao_Paulo" as const };
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => createUnit(asAdmin(), form)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expectRefusal(createUnit(asAdmin(), form), "code_taken", { code: "code_taken" });
});

test.each(["", "Vendas", "vendas 2", "são", "../x", "a".repeat(41)])("refuses the code %j", async (code) => {
  await expectRefusal(createUnit(asAdmin(), { code, name: "N", timeZone: "America/Bahia" }), "invalid_input");
});

test("refuses time zones outside Brazil and unknown units", async () => {
  await expectRefusal(
    createUnit(asAdmin(), { code: "lisboa", name: "N", timeZone: "Europe/Lisbon" as never }),
    "invalid_input",
  );
  await expectRefusal(updateUnit(asAdmin(), { unitId: newId(), name: "N", timeZone: "America/Bahia" }), "not_found");
});

test("a supervisor sees only their own units; the other roles see all", async () => {
  const [own, other] = await Promise.all([unit(), unit()]);
  const see = async (who: Person) => (await listUnits(contextOf(who.actor), {})).map(({ id }) => id);
  expect(await see(await person("supervisor", { unitIds: [own] }))).toEqual([own]);
  expect(await see(await person("supervisor"))).toEqual([]);
  for (const role of ["admin", "dpo", "auditor"] as const)
    expect(await see(await person(role))).toEqual(expect.arrayContaining([own, other]));
});
