import { beforeAll, expect, test } from "vitest";
import { listRelatedRequests } from "@/lib/subject-requests/list-related-requests";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest, type RegisterRequestInput } from "@/lib/subject-requests/register-request";
import { contextOf, expectRefusal, person, type Person } from "../../support/actors";
import { freshNumber } from "../../support/analysed-requests";
import { requestOf, submit } from "../../support/public-requests";
import { letter } from "../../support/subject-requests";

let dpo: Person;
const related = (requestId: string) => listRelatedRequests(contextOf(dpo.actor), { requestId });

beforeAll(async () => {
  dpo = await person("dpo");
});

const registered = async (identifiers: RegisterRequestInput["identifiers"]) =>
  (await registerRequest(contextOf(dpo.actor), letter({ identifiers }))).requestId;

test("requests with the same number, CPF or protocol are listed with each other, unproven ones last", async () => {
  const number = freshNumber();
  const first = await registered([
    { kind: "number", value: number },
    { kind: "tax_id", value: "529.982.247-25" },
  ]);
  const second = await registered([{ kind: "tax_id", value: "52998224725" }]);
  const { id: third } = await requestOf(await submit({ numbers: `+55 ${number}` }));
  await moveRights(contextOf(dpo.actor), { requestId: second, step: "withdraw", reason: "Pediu por telefone" });
  const found = await related(first);
  expect(found.map(({ id, kinds, isUnproven }) => [id, kinds, isUnproven])).toEqual([
    [second, ["tax_id"], false],
    [third, ["number"], true],
  ]);
  expect(found[0]!.rights).toEqual([{ right: "full_declaration", state: "withdrawn" }]);
  expect((await related(second)).map(({ id }) => id)).toEqual([first]);
});

test("others are not: other numbers, and texts that find nothing", async () => {
  const one = await registered([{ kind: "number", value: freshNumber() }]);
  const other = await registered([{ kind: "number", value: freshNumber() }]);
  expect(await related(one)).toEqual([]);
  expect(await related(other)).toEqual([]);
});

test("a supervisor and an administrator see none; an auditor does, without names", async () => {
  const requestId = await registered([{ kind: "number", value: freshNumber() }]);
  await listRelatedRequests(contextOf((await person("auditor")).actor), { requestId });
  for (const role of ["supervisor", "admin"] as const)
    await expectRefusal(listRelatedRequests(contextOf((await person(role)).actor), { requestId }), "forbidden");
});
