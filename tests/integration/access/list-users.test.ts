import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { deactivateUser } from "@/lib/access/users/deactivate-user";
import { listUsers } from "@/lib/access/users/list-users";
import { contextOf, expectRefusal, person, unit, type Person } from "../../support/actors";

let auditor: Person;
let unitId: string;

beforeAll(async () => {
  unitId = await unit();
  auditor = await person("auditor", { name: "Zilda Auditora" });
  const admin = await person("admin", { name: "Ana Chefe" });
  await person("supervisor", { name: "João Araújo", unitIds: [unitId] });
  await person("supervisor", { name: "Conceição 100% Souza", unitIds: [await unit()] });
  const gone = await person("dpo", { name: "Beto Saiu" });
  await deactivateUser(contextOf(admin.actor), { userId: gone.userId });
  for (let index = 0; index < 7; index++) await person("dpo", { name: "Homônima Da Silva" });
});

const list = (input: Parameters<typeof listUsers>[1]) => listUsers(contextOf(auditor.actor), input);
const names = async (input: Parameters<typeof listUsers>[1]) => (await list(input)).users.map(({ name }) => name);

describe("filters", () => {
  test("by role, state and unit", async () => {
    expect(await names({ role: "supervisor" })).toEqual(["Conceição 100% Souza", "João Araújo"]);
    expect(await names({ active: false })).toEqual(["Beto Saiu"]);
    expect(await names({ unitId })).toEqual(["João Araújo"]);
    expect(await names({ unitId: newId() })).toEqual([]);
    expect(await names({ role: "dpo", active: true })).toHaveLength(7);
  });

  test.each([
    ["joao", ["João Araújo"]],
    ["ARAÚ", ["João Araújo"]],
    ["conceicao", ["Conceição 100% Souza"]],
    ["aujo", []],
    ["100%", ["Conceição 100% Souza"]],
    ["%", []],
    ["_oão", []],
    ["\\", []],
  ])("by text %j", async (text, expected) => {
    expect(await names({ text })).toEqual(expected);
  });

  test("by the start of an e-mail", async () => {
    expect(await names({ text: auditor.email.slice(0, 30).toUpperCase() })).toEqual(["Zilda Auditora"]);
  });
});

test("lists each user on exactly one page, also those with the same name; the cursor is an id", async () => {
  const met: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ limit: 3, cursor });
    met.push(...page.users.map(({ id }) => id));
    expect(page.nextCursor === null || page.nextCursor === page.users.at(-1)!.id).toBe(true);
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(met).toHaveLength(12);
  expect(new Set(met).size).toBe(12);
});

test("returns no password hash, only what the screen needs", async () => {
  const [first] = (await list({ limit: 1 })).users;
  expect(Object.keys(first!).sort()).toEqual([
    "active",
    "breakGlass",
    "email",
    "hasSecondFactor",
    "id",
    "invitation",
    "isLinkAllowed",
    "lastSignInAt",
    "mustChangePassword",
    "name",
    "role",
    "signsInAt",
    "units",
    "version",
  ]);
});

test("refuses a page without a size and an invalid cursor", async () => {
  await expectRefusal(list({ limit: 0 }), "invalid_input");
  await expectRefusal(list({ limit: 101 }), "invalid_input");
  await expectRefusal(list({ cursor: "1 or 1=1" }), "invalid_input");
});
