import { eq } from "drizzle-orm";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { database } from "@/lib/db/client";
import { recordings } from "@/lib/db/schema";
import { numberColumns } from "@/lib/recordings/customer-number";
import { referenceColumns } from "@/lib/recordings/references/call-references";
import { findRecordings } from "@/lib/subject-requests/finding/find-recordings";
import { listMatches } from "@/lib/subject-requests/finding/list-matches";
import { readSearches } from "@/lib/subject-requests/finding/read-searches";
import { confirmIdentity } from "@/lib/subject-requests/identity/confirm-identity";
import { moveRights } from "@/lib/subject-requests/move-rights";
import { checkCode } from "@/lib/subject-requests/public-page/check-code";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { anybody, lastMessageOf, requestOf, submit, timePassesForCodes } from "../../support/public-requests";
import { policy, storedRecording, unitWithQueue } from "../../support/recordings";
import { letter } from "../../support/subject-requests";

const [own, other, cpf] = ["(11) 98111-2222", "(11) 98333-4444", "529.982.247-25"];
let dpo: Person;
let ofOwn: string;
let ofOther: string;
let ofCpf: string;
const again = () => contextOf(dpo.actor);

beforeAll(async () => {
  dpo = await person("dpo");
  const { unitId } = await unitWithQueue();
  await policy(3650);
  const placed = async (number: string | null, customerTaxId?: string) => {
    const { id } = await storedRecording({ unitId, startedAt: new Date("2026-03-10T13:00:00Z") });
    const columns = {
      ...numberColumns(number === null ? null : readNumber(number)),
      ...referenceColumns({ customerTaxId }),
    };
    await database().update(recordings).set(columns).where(eq(recordings.id, id));
    return id;
  };
  [ofOwn, ofOther, ofCpf] = [await placed(own), await placed(other), await placed(null, cpf)];
});

beforeEach(() => timePassesForCodes("2 hours"));

/** A request of the public form for three identifiers, of which a code proved the first line. */
async function provedByOneLine(): Promise<string> {
  const receipt = await submit({ rights: ["confirmation"], numbers: `${own}\n${other}`, taxId: cpf });
  const { addresses } = (await readOwnRequest(anybody(), receipt)).request;
  const target = addresses.find(({ shown }) => shown.endsWith("2222"))!.target;
  await sendCode(anybody(), { ...receipt, target, channel: "sms" });
  const { id } = await requestOf(receipt);
  const { code } = (await lastMessageOf(id))!.data;
  await checkCode(anybody(), { ...receipt, target, oneTimeCode: code! });
  return id;
}

const found = async (requestId: string) =>
  (await listMatches(again(), { requestId, view: "exact" })).rows.map(({ id }) => id).sort();
const leftOut = async (requestId: string) =>
  (await readRequest(again(), { requestId })).identifiers.filter((row) => row.isLeftOut).map(({ value }) => value);
const note = "Data e assunto de duas chamadas conferidos";
const confirm = (requestId: string, method: Parameters<typeof confirmIdentity>[1]["method"]) =>
  confirmIdentity(again(), { requestId, checkId: newId(), method, note });

describe("a request that one line proved", () => {
  it("finds the recordings of that line alone, and says what was left out", async () => {
    const requestId = await provedByOneLine();
    expect(await leftOut(requestId)).toEqual([other, cpf]);
    const context = again();
    await findRecordings(context, { requestId });
    expect(await found(requestId)).toEqual([ofOwn]);
    const [search] = (await readSearches(again(), { requestId })).searches;
    const skipped = search!.searchedFor.filter(({ notProved }) => notProved);
    expect(skipped.map(({ reason, found: count }) => [reason, count])).toEqual([
      ["number_exact", 0],
      ["tax_id", 0],
    ]);
    expect((await eventsOf(context))[0]).toMatchObject({ details: { questions: 3, leftOut: 2, finds: 1 } });
  });

  it("finds the others once the desk proved the person, although no right waits", async () => {
    const requestId = await provedByOneLine();
    await findRecordings(again(), { requestId });
    await expectRefusal(confirm(requestId, "code"), "conflict");
    const context = again();
    await confirmIdentity(context, { requestId, checkId: newId(), method: "code_and_facts", note });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual(["subject_request.identity_checked"]);
    expect(await leftOut(requestId)).toEqual([]);
    await findRecordings(again(), { requestId });
    expect(await found(requestId)).toEqual([ofOwn, ofOther, ofCpf].sort());
    await expectRefusal(confirm(requestId, "in_person"), "conflict");
  });
});

describe("a request that was registered by hand", () => {
  const inTriage = async (numbers: string[]) => {
    const identifiers = numbers.map((value) => ({ kind: "number" as const, value }));
    const { requestId } = await registerRequest(again(), letter({ rights: ["confirmation"], identifiers }));
    await moveRights(again(), { requestId, step: "start" });
    await confirm(requestId, "code");
    return requestId;
  };

  it("is searched by its only number after a code, and by none of several", async () => {
    const one = await inTriage([own]);
    await findRecordings(again(), { requestId: one });
    expect(await found(one)).toEqual([ofOwn]);
    const two = await inTriage([own, other]);
    await findRecordings(again(), { requestId: two });
    expect(await found(two)).toEqual([]);
    expect(await leftOut(two)).toEqual([own, other]);
  });
});
