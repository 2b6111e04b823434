import { eq } from "drizzle-orm";
import { beforeAll, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { database } from "@/lib/db/client";
import { subjectRequestIdentityChecks, subjectRequests } from "@/lib/db/schema";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;
const again = () => contextOf(dpo.actor);
const note = "Código enviado ao telefone gravado, conferido por voz";
const check = (requestId: string, method: Parameters<typeof confirmIdentity>[1]["method"]) => ({
  ...{ requestId, method, note },
  checkId: newId(),
});

/** A request whose identity is to be verified. */
async function verifying(input: Parameters<typeof letter>[0] = {}): Promise<string> {
  const { requestId } = await registerRequest(again(), letter(input));
  await moveRights(again(), { requestId, step: "start" });
  return requestId;
}

const statesOf = async (requestId: string) =>
  Object.fromEntries((await processesOf(requestId)).map(({ right, state }) => [right, state]));
const levelOf = async (requestId: string) =>
  (await database().select().from(subjectRequests).where(eq(subjectRequests.id, requestId)))[0]!.identityLevel;

beforeAll(async () => {
  dpo = await person("dpo");
});

it("moves the rights whose level is reached to triage, and leaves the others", async () => {
  const requestId = await verifying({ rights: ["confirmation", "deletion"] });
  const context = again();
  expect(await confirmIdentity(context, check(requestId, "code"))).toEqual({ requestId, level: 1 });
  expect(await statesOf(requestId)).toEqual({ confirmation: "triage", deletion: "verifying_identity" });
  expect(await eventsOf(context)).toMatchObject([
    { action: "subject_request.identity_checked", details: { identityMethod: "code", identityLevel: 1 } },
    { action: "subject_request.step_taken", details: { right: "confirmation", stateTo: "triage" } },
  ]);
  expect(JSON.stringify(await eventsOf(context))).not.toContain(note);
  await confirmIdentity(again(), check(requestId, "code_and_facts"));
  expect(await statesOf(requestId)).toEqual({ confirmation: "triage", deletion: "triage" });
  expect(await levelOf(requestId)).toBe(2);
});

it("keeps of a document its kind and the last three characters, encrypted", async () => {
  const requestId = await verifying();
  const input = { ...check(requestId, "in_person"), document: "driving_licence" as const, documentTail: "87x" };
  await confirmIdentity(again(), input);
  const [row] = await database()
    .select()
    .from(subjectRequestIdentityChecks)
    .where(eq(subjectRequestIdentityChecks.requestId, requestId));
  expect(row).toMatchObject({ document: "driving_licence", level: 3, checkedById: dpo.userId });
  expect(row!.documentTailEncrypted!.toString("latin1")).not.toContain("87X");
  expect(row!.noteEncrypted!.toString("latin1")).not.toContain("Código");
});

it("of a form that is sent twice is recorded once", async () => {
  const requestId = await verifying({ rights: ["confirmation", "deletion"] });
  const form = check(requestId, "code");
  const [first, second] = await Promise.all([confirmIdentity(again(), form), confirmIdentity(again(), form)]);
  expect(second).toEqual(first);
  const rows = await database().$count(
    subjectRequestIdentityChecks,
    eq(subjectRequestIdentityChecks.requestId, requestId),
  );
  expect(rows).toBe(1);
});

it("is refused for a level that no right is content with, and nothing is recorded", async () => {
  const requestId = await verifying({ rights: ["deletion"] });
  await expectRefusal(confirmIdentity(again(), check(requestId, "code")), "invalid_input", { method: "level_too_low" });
  expect([await levelOf(requestId), await statesOf(requestId)]).toEqual([0, { deletion: "verifying_identity" }]);
});

it("of somebody who asks for another person needs a mandate; of the person it needs none", async () => {
  const attorney = await verifying({ requester: "attorney", requesterName: "João Lima", rights: ["confirmation"] });
  for (const method of ["code", "code_and_facts", "signature", "in_person"] as const)
    await expectRefusal(confirmIdentity(again(), check(attorney, method)), "invalid_input", {
      method: "level_too_low",
    });
  await confirmIdentity(again(), check(attorney, "mandate"));
  expect(await statesOf(attorney)).toEqual({ confirmation: "triage" });
  const own = await verifying();
  const refused = confirmIdentity(again(), check(own, "mandate"));
  await expectRefusal(refused, "invalid_input", { method: "not_a_representative" });
});

it("is refused before it is asked for", async () => {
  const { requestId } = await registerRequest(again(), letter());
  await expectRefusal(confirmIdentity(again(), check(requestId, "in_person")), "conflict");
});

it.each([
  ["a document's whole number", { document: "passport" as const, documentTail: "FX123456" }],
  ["a tail without its document", { documentTail: "123" }],
  ["no word on what was compared", { note: "ok" }],
])("is refused with %s", async (_, wrong) => {
  const requestId = await verifying();
  await expectRefusal(confirmIdentity(again(), { ...check(requestId, "in_person"), ...wrong }), "invalid_input");
});

it("that fails ends in a letter, with what was missing; a question waits for its answer", async () => {
  const requestId = await verifying({ rights: ["deletion"] });
  await expectRefusal(moveRights(again(), { requestId, step: "ask_subject" }), "invalid_input", { reason: "required" });
  await moveRights(again(), { requestId, step: "ask_subject", reason: "Em que dia foi a chamada?" });
  expect(await statesOf(requestId)).toEqual({ deletion: "awaiting_subject" });
  await moveRights(again(), { requestId, step: "resume" });
  expect(await statesOf(requestId)).toEqual({ deletion: "verifying_identity" });
  await moveRights(again(), { requestId, step: "fail_identity", reason: "Não atendeu ao código" });
  expect(await statesOf(requestId)).toEqual({ deletion: "unverified" });
  await expectRefusal(confirmIdentity(again(), check(requestId, "in_person")), "conflict");
});
