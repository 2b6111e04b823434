import { eq, sql } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { newId } from "@/lib/core/new-id";
import { readNumber } from "@/lib/core/numbers/number-reading";
import { database } from "@/lib/db/client";
import { auditEvents, subjectRequestEvents, subjectRequestIdentifiers, subjectRequests } from "@/lib/db/schema";
import { numberColumns } from "@/lib/recordings/customer-number";
import { nextProtocol } from "@/lib/subject-requests/next-protocol";
import { readProtocolNumber } from "@/lib/subject-requests/protocol-number";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person, type Person } from "../../support/actors";
import { letter, processesOf } from "../../support/subject-requests";

let dpo: Person;
let auditor: Person;

const again = ({ actor }: Person) => contextOf(actor);
const register = (input: Parameters<typeof letter>[0] = {}) => registerRequest(again(dpo), letter(input));

beforeAll(async () => {
  [dpo, auditor] = await Promise.all([person("dpo"), person("auditor")]);
});

describe("a registered request", () => {
  it("has a protocol of today, a process for each right, and an event", async () => {
    const context = again(dpo);
    const input = letter({ rights: ["full_declaration", "confirmation", "deletion"] });
    const { requestId, protocol } = await registerRequest(context, input);
    expect(readProtocolNumber(protocol)).toBe(protocol);
    expect((await processesOf(requestId)).map(({ right, state, days }) => [right, state, days])).toEqual([
      ["confirmation", "received", 0],
      ["full_declaration", "received", 15],
      ["deletion", "received", 15],
    ]);
    const details = { protocol, channel: "letter", requester: "data_subject", receivedAt: input.receivedAt };
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.registered", targetType: "subject_request", targetId: requestId, details },
    ]);
    const events = await database()
      .select()
      .from(subjectRequestEvents)
      .where(eq(subjectRequestEvents.requestId, requestId));
    expect(events).toMatchObject([{ kind: "registered", processId: null, actorId: dpo.userId, reasonEncrypted: null }]);
  });

  it("counts from its receipt, which was earlier, in the controller's zone", async () => {
    // 23:30 of 24 November in São Paulo is the 25th in UTC.
    const { requestId } = await register({
      receivedAt: "2024-11-24T23:30:00",
      rights: ["sac_history", "sac_recording", "full_declaration", "consent_information"],
    });
    const clocks = (await processesOf(requestId)).map(({ right, dueUntil }) => [right, dueUntil.toISOString()]);
    expect(clocks).toEqual([
      ["consent_information", "2024-11-25T03:00:00.000Z"],
      ["sac_history", "2024-11-30T03:00:00.000Z"],
      ["sac_recording", "2024-12-02T03:00:00.000Z"],
      ["full_declaration", "2024-12-10T03:00:00.000Z"],
    ]);
    expect(await readRequest(again(auditor), { requestId })).toMatchObject({
      receivedAt: new Date("2024-11-25T02:30:00Z"),
      dueUntil: new Date("2024-11-25T03:00:00Z"),
    });
  });

  it("of an authority has the day that it ordered, inclusive, for every right", async () => {
    const order = { channel: "anpd_order" as const, authorityReference: "00261.000123/2026-45" };
    const { requestId } = await register({
      ...{ ...order, rights: ["deletion", "confirmation"], orderedDueOn: "2030-02-28" },
      receivedAt: "2024-11-20T10:00:00",
    });
    expect((await processesOf(requestId)).map(({ dueUntil, deadlineKind }) => [dueUntil, deadlineKind])).toEqual([
      [new Date("2030-03-01T03:00:00Z"), "order"],
      [new Date("2030-03-01T03:00:00Z"), "order"],
    ]);
    await expectRefusal(register({ ...order, authorityReference: " " }), "invalid_input", {
      authorityReference: "required",
    });
    const wrongDay = { orderedDueOn: "2024-11-19", receivedAt: "2024-11-20T10:00:00" };
    await expectRefusal(register({ ...order, ...wrongDay }), "invalid_input", { orderedDueOn: "out_of_range" });
    await expectRefusal(register({ orderedDueOn: "2030-02-28" }), "invalid_input", { orderedDueOn: "authority_only" });
  });

  it("stores what names a person only encrypted, and nothing of it in the log", async () => {
    const context = again(dpo);
    const secrets = ["Maria Aparecida", "98765", "52998224725", "529.982", "maria@example", "Quero ouvir"];
    const { requestId } = await registerRequest(
      context,
      letter({
        identifiers: [
          { kind: "number", value: "(11) 98765-4321" },
          { kind: "tax_id", value: "529.982.247-25" },
          { kind: "email", value: "Maria@Example.com" },
        ],
      }),
    );
    const rows = await Promise.all([
      database().execute(sql`select r::text as text from subject_requests r where id = ${requestId}`),
      database().execute(
        sql`select i::text as text from subject_request_identifiers i where request_id = ${requestId}`,
      ),
      database().execute(sql`select e::text as text from audit_events e where request_id = ${context.requestId}`),
    ]);
    const stored = rows.flat().map(({ text }) => String(text));
    expect(stored.length).toBe(5);
    for (const secret of secrets)
      for (const text of stored) expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
    // bytea is shown in hexadecimal.
    for (const secret of secrets)
      for (const text of stored) expect(text).not.toContain(Buffer.from(secret).toString("hex"));
  });

  it("is shown whole to the DPO, and masked to an auditor", async () => {
    const { requestId } = await register({
      identifiers: [
        { kind: "number", value: "11987654321" },
        { kind: "tax_id", value: "529.982.247-25" },
        { kind: "protocol", value: "2026-000123" },
        { kind: "number", value: "um número que perdi" },
      ],
    });
    const whole = await readRequest(again(dpo), { requestId });
    expect(whole).toMatchObject({
      ...{ subjectName: "Maria Aparecida de Souza", answerAddress: "maria@example.com", mayWork: true },
      words: "Quero ouvir as chamadas que fiz.",
    });
    expect(whole.identifiers.map(({ value, findsRecordings }) => [value, findsRecordings])).toEqual([
      ["11987654321", true],
      ["529.982.247-25", true],
      ["2026-000123", true],
      ["um número que perdi", false],
    ]);
    const masked = await readRequest(again(auditor), { requestId });
    expect(masked).toMatchObject({ subjectName: null, answerAddress: null, words: null, mayWork: false });
    expect(masked.identifiers.map(({ value }) => value)).toEqual(["(11) •••••-4321", "•••.•••.•••-25", null, null]);
    expect(JSON.stringify(masked)).not.toMatch(/Maria|98765|529982|000123|perdi/);
  });

  it("finds recordings by the digests that recordings have", async () => {
    const { requestId } = await register({ identifiers: [{ kind: "number", value: "011 8765-4321" }] });
    const [row] = await database()
      .select()
      .from(subjectRequestIdentifiers)
      .where(eq(subjectRequestIdentifiers.requestId, requestId));
    const columns = numberColumns(readNumber("+55 11 8765-4321"));
    expect(row).toMatchObject({ numberTailIndex: columns.customerNumberTailIndex, readAs: "number" });
    expect(row!.numberTailIndex).not.toBeNull();
  });
});

describe("a form", () => {
  it("that is sent twice registers one request, also at once", async () => {
    const input = letter();
    const sent = await Promise.all(Array.from({ length: 5 }, () => registerRequest(again(dpo), input)));
    expect(new Set(sent.map(({ protocol }) => protocol)).size).toBe(1);
    expect(await database().$count(subjectRequests, eq(subjectRequests.id, input.requestId))).toBe(1);
    expect(await processesOf(input.requestId)).toHaveLength(1);
    expect(await database().$count(auditEvents, eq(auditEvents.targetId, input.requestId))).toBe(1);
  });

  it("with the key of another request is refused", async () => {
    const input = letter();
    await registerRequest(again(dpo), input);
    await expectRefusal(registerRequest(again(dpo), { ...input, words: "Outra carta." }), "conflict");
  });

  it.each([
    ["in the future", { receivedAt: new Date(Date.now() + 3_600_000).toISOString() }, { receivedAt: "out_of_range" }],
    ["before the LGPD", { receivedAt: "2020-09-17T12:00:00" }, { receivedAt: "out_of_range" }],
    ["of nobody", { subjectName: " ", identifiers: [] }, { subjectName: "required" }],
    ["of an attorney without a name", { requester: "attorney" as const }, { requesterName: "required" }],
    ["without an address to answer to", { answerAddress: "" }, { answerAddress: "required" }],
    ["with a right twice", { rights: ["deletion" as const, "deletion" as const] }, { rights: "repeated" }],
    [
      "for a period that ends before it begins",
      { periodFrom: "2024-02-01", periodTo: "2024-01-31" },
      { periodTo: "before_start" },
    ],
  ])("%s is refused", async (_, input, fields) => {
    await expectRefusal(register(input), "invalid_input", fields);
  });

  it("for the public page is no form of the desk", async () => {
    await expectRefusal(register({ channel: "web" as "letter" }), "invalid_input");
  });

  it("of an heir is registered, and says that counsel decides", async () => {
    const heir = { requester: "heir" as const, requesterName: "João de Souza" };
    const { requestId } = await register({ ...heir, rights: ["deletion", "confirmation"] });
    const { rights } = await readRequest(again(dpo), { requestId });
    expect(rights.map(({ right, isForRequester, requiredLevel }) => [right, isForRequester, requiredLevel])).toEqual([
      ["confirmation", true, 4],
      ["deletion", false, 4],
    ]);
  });
});

describe("protocol numbers", () => {
  it("follow one another, and none is given twice, however many register at once", async () => {
    const sequenceOf = (protocol: string) => Number(protocol.slice(8, 14));
    const first = sequenceOf((await register()).protocol);
    expect(sequenceOf((await register()).protocol)).toBe(first + 1);
    const refused = letter({ requestId: newId(), subjectName: "", identifiers: [] });
    const registered = await Promise.all([
      ...Array.from({ length: 60 }, () => register()),
      expectRefusal(registerRequest(again(dpo), refused), "invalid_input"),
    ]);
    const numbers = registered.flatMap((result) => (result ? [result.protocol] : []));
    expect(numbers.every((number) => readProtocolNumber(number) === number)).toBe(true);
    const sequences = numbers.map(sequenceOf);
    expect(new Set(sequences).size).toBe(60);
    expect(sequences).not.toContain(first + 1);
  });

  it("are given while others of the day are not committed, and given back by a rollback", async () => {
    const zone = "America/Sao_Paulo";
    await register();
    const gaveUp = new Error("gave up");
    let held = "";
    const holding = database().transaction(async (tx) => {
      held = await nextProtocol(tx, zone);
      // Waits for no lock: the test would hang.
      expect((await register()).protocol).not.toBe(held);
      throw gaveUp;
    });
    await expect(holding).rejects.toBe(gaveUp);
    expect((await register()).protocol).toBe(held);
  });

  it("are given to each once when all slots are taken", async () => {
    const zone = "America/Sao_Paulo";
    const take = (ready: Promise<void>) =>
      database().transaction(async (tx) => {
        const protocol = await nextProtocol(tx, zone);
        await ready;
        return protocol;
      });
    const taken = await Promise.all(Array.from({ length: 40 }, () => take(Promise.resolve())));
    expect(new Set(taken).size).toBe(40);
  });
});
