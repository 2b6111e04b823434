import { and, eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { database } from "@/lib/db/client";
import {
  auditEvents,
  messages,
  subjectRequestCounts,
  subjectRequestLimits,
  subjectRequests,
  subjectRequestWorkProofs,
} from "@/lib/db/schema";
import type { AppError } from "@/lib/core/errors";
import { listRequests } from "@/lib/subject-requests/list-requests";
import { readProtocolNumber } from "@/lib/subject-requests/protocol-number";
import { formLimits } from "@/lib/subject-requests/public-page/public-limits";
import { submitRequest, type PublicFormInput } from "@/lib/subject-requests/public-page/submit-request";
import { readRequest } from "@/lib/subject-requests/read-request";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { eventsOf, expectRefusal, person } from "../../../support/actors";
import {
  anotherAddress,
  anybody,
  clearLimits,
  lastMessageOf,
  publicForm,
  requestOf,
  solution,
  submit,
} from "../../../support/public-requests";
import { letter, processesOf } from "../../../support/subject-requests";

beforeEach(clearLimits);

describe("a request of the public form", () => {
  it("has a protocol and a code at once, its clocks start now, and the log names nobody", async () => {
    const context = anybody(anotherAddress());
    const before = new Date();
    const receipt = await submitRequest(context, publicForm({ taxId: "529.982.247-25", protocols: "2026-1" }));
    expect(readProtocolNumber(receipt.protocol)).toBe(receipt.protocol);
    expect(receipt.followUpCode).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
    const request = await requestOf(receipt);
    expect(request).toMatchObject({ channel: "web", isUnproven: true, registeredById: null, identityLevel: 0 });
    expect(request.receivedAt.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect((await processesOf(request.id)).map(({ right, days }) => [right, days])).toEqual([
      ["confirmation", 0],
      ["full_declaration", 15],
    ]);
    const details = { protocol: receipt.protocol, channel: "web", rights: ["confirmation", "full_declaration"] };
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.registered", actorId: null, targetId: request.id, details },
    ]);
    const dpo = await person("dpo");
    const { identifiers } = await readRequest(dpo.context, { requestId: request.id });
    expect(identifiers.map(({ kind, value }) => [kind, value])).toEqual([
      ["number", "(11) 98765-4321"],
      ["tax_id", "529.982.247-25"],
      ["protocol", "2026-1"],
    ]);
  });

  it("is stored without its code, its key, its words and the client's address", async () => {
    const form = publicForm({ words: "Quero ouvir a chamada de ontem." });
    const address = anotherAddress();
    const { followUpCode, protocol } = await submitRequest(anybody(address), form);
    const { id } = await requestOf({ protocol });
    const rows = await Promise.all([
      database().execute(sql`select r::text as text from subject_requests r where id = ${id}`),
      database().execute(sql`select l::text as text from subject_request_limits l`),
      database().execute(sql`select e::text as text from subject_request_events e where request_id = ${id}`),
    ]);
    const stored = rows.flat().map(({ text }) => String(text));
    expect(stored.length).toBeGreaterThanOrEqual(4);
    const bare = followUpCode.replaceAll("-", "");
    for (const secret of [followUpCode, bare, form.formKey, "Quero ouvir", "98765", "maria@", address, "2001:db8"])
      for (const text of stored) {
        expect(text.toLowerCase()).not.toContain(secret.toLowerCase());
        expect(text).not.toContain(Buffer.from(secret).toString("hex"));
      }
  });

  it("lies in a list of its own, which the desk's queue leaves out", async () => {
    const { context } = await person("dpo");
    const { protocol } = await submit();
    const byHand = await registerRequest(context, letter());
    const protocolsOf = async (view: "open" | "unproven" | "overdue" | "ended") =>
      (await listRequests(context, { view, limit: 100 })).rows.map((row) => row.protocol);
    expect(await protocolsOf("unproven")).toContain(protocol);
    expect(await protocolsOf("unproven")).not.toContain(byHand.protocol);
    expect(await protocolsOf("open")).toContain(byHand.protocol);
    for (const view of ["open", "overdue", "ended"] as const) expect(await protocolsOf(view)).not.toContain(protocol);
    const found = await listRequests(context, { protocol });
    expect(found.rows).toMatchObject([{ protocol, isUnproven: true }]);
  });

  it("sent five times at once is one, with one protocol, code and proof of work", async () => {
    const form = publicForm({ solution: await solution() });
    const sent = await Promise.all(Array.from({ length: 5 }, () => submitRequest(anybody(), form)));
    expect(new Set(sent.map(({ protocol, followUpCode }) => `${protocol} ${followUpCode}`)).size).toBe(1);
    const { id } = await requestOf(sent[0]!);
    expect(await database().$count(subjectRequests, eq(subjectRequests.id, id))).toBe(1);
    expect(await database().$count(auditEvents, eq(auditEvents.targetId, id))).toBe(1);
    await expectRefusal(submitRequest(anybody(), { ...form, words: "Outro pedido." }), "conflict");
  });
});

describe("an acknowledgement", () => {
  it("goes by e-mail, with the protocol and nothing of what was asked", async () => {
    const receipt = await submit({ solution: await solution(), answerAddress: "joana@example.com", words: "Segredo" });
    const { id } = await requestOf(receipt);
    const message = await lastMessageOf(id);
    expect(message).toMatchObject({ template: "request_received", channel: "email", recipient: "joana@example.com" });
    expect(Object.keys(message!.data).sort()).toEqual(["page", "protocol", "receivedOn"]);
    expect(message!.data.page).toMatch(/^http[^?#]*\/titular\/acompanhamento$/);
    expect(JSON.stringify(message!.data)).not.toContain(receipt.followUpCode);
  });

  it("goes to one address three times a day, whoever names it, and never without a proof of work", async () => {
    const answerAddress = "vitima@example.com";
    const to = async (input: Partial<PublicFormInput>) =>
      (await lastMessageOf((await requestOf(await submit(input))).id)) !== null;
    expect(await to({ answerAddress })).toBe(false);
    for (const expected of [true, true, true, false])
      expect(await to({ answerAddress, solution: await solution() })).toBe(expected);
    expect(await to({ answerAddress: "outra@example.com", solution: await solution() })).toBe(true);
  });
});

describe("limits", () => {
  it("let an address without a proof of work send three a day, and say when it may again", async () => {
    const address = anotherAddress();
    const { most } = formLimits.unproved.address;
    for (let sent = 0; sent < most; sent += 1) await submit({}, address);
    const refused = await submit({}, address).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "too_many_requests" });
    expect((refused as AppError).details.retryAfterSeconds).toBeGreaterThan(23 * 3600);
    // Another address of the same line is no other; another line, and one with a proof of work, are.
    await expectRefusal(submit({}, address.replace("::1", "::2")), "too_many_requests");
    await submit({}, anotherAddress());
    await submit({ solution: await solution() }, address);
    await database()
      .update(subjectRequestLimits)
      .set({ windowEndsAt: sql`now()` });
    await submit({}, address);
  });

  it("hold for the installation, and a refused form leaves nothing behind", async () => {
    const { most } = formLimits.unproved.installation;
    await submit();
    await database().update(subjectRequestLimits).set({ taken: most });
    const { day, slot } = subjectRequestCounts;
    const counts = () => database().select().from(subjectRequestCounts).orderBy(day, slot);
    const before = await counts();
    const requests = await database().$count(subjectRequests);
    await expectRefusal(submit(), "too_many_requests");
    expect(await counts()).toEqual(before);
    expect(await database().$count(subjectRequests)).toBe(requests);
    await submit({ solution: await solution() });
  });

  it("take one solution for one request", async () => {
    const once = await solution();
    const [address, other] = [anotherAddress(), anotherAddress()];
    await submit({ solution: once }, address);
    expect(await database().$count(subjectRequestWorkProofs)).toBeGreaterThan(0);
    // The second counts as a form without one.
    for (let sent = 0; sent < formLimits.unproved.address.most; sent += 1) await submit({ solution: once }, other);
    await expectRefusal(submit({ solution: once }, other), "too_many_requests");
  });

  it.each([
    ["garbage", () => "garbage"],
    ["JSON of nothing", () => Buffer.from("null").toString("base64")],
    ["foreign parameters", () => Buffer.from('{"challenge":{"parameters":{}},"solution":{}}').toString("base64")],
    ["an altered cost", async () => altered((payload) => (payload.challenge.parameters.cost = 1))],
    ["an altered answer", async () => altered((payload) => (payload.solution.counter += 1), "derivedKey")],
    ["an expired challenge", async () => altered((payload) => (payload.challenge.parameters.expiresAt = 1))],
  ])("count %s as no solution", async (_, make) => {
    const address = anotherAddress();
    const wrong = await make();
    for (let sent = 0; sent < formLimits.unproved.address.most; sent += 1) await submit({ solution: wrong }, address);
    await expectRefusal(submit({ solution: wrong }, address), "too_many_requests");
  });
});

type Payload = {
  challenge: { parameters: { cost: number; expiresAt: number } };
  solution: { counter: number; derivedKey: string };
};

let solved: Promise<string> | undefined;

async function altered(change: (payload: Payload) => void, key?: "derivedKey"): Promise<string> {
  const payload = JSON.parse(Buffer.from(await (solved ??= solution()), "base64").toString()) as Payload;
  change(payload);
  if (key)
    payload.solution.derivedKey = payload.solution.derivedKey.replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
  return Buffer.from(JSON.stringify(payload)).toString("base64");
}

it("refuses malformed forms as such, whatever they hold, and keeps none", async () => {
  const odd = [null, 0, -1, [], {}, [{}], "\0", "x".repeat(20_000), ["confirmation", "confirmation"], true, NaN];
  const names = Object.keys(
    publicForm({ taxId: "", protocols: "", periodFrom: "", words: "", solution: "", website: "" }),
  );
  const requests = await database().$count(subjectRequests);
  let refused = 0;
  for (const name of names)
    for (const value of odd) {
      if (name === "solution" && typeof value === "string" && value.length < 8000) continue;
      const form = { ...publicForm(), [name]: value } as unknown as PublicFormInput;
      const error = await submitRequest(anybody(), form).catch((thrown: unknown) => thrown);
      expect(error, `${name} ${JSON.stringify(value)?.slice(0, 20)}`).toMatchObject({ code: "invalid_input" });
      refused += 1;
    }
  expect(refused).toBeGreaterThan(100);
  expect(await database().$count(subjectRequests)).toBe(requests);
});

it("never waits for a form in the making longer than that form takes", async () => {
  // A flood of forms, and a letter registered in its midst: both end, with a protocol each.
  const { context } = await person("dpo");
  const [byHand, ...sent] = await Promise.all([
    registerRequest(context, letter()),
    ...Array.from({ length: 30 }, () => submit()),
  ]);
  const numbers = [byHand.protocol, ...sent.map(({ protocol }) => protocol)].map((protocol) => protocol.slice(0, 14));
  expect(new Set(numbers).size).toBe(31);
});

it("has no message for a request whose answer goes by letter", async () => {
  const receipt = await submit({ answerChannel: "letter", answerAddress: "Rua A, 1", solution: await solution() });
  const { id } = await requestOf(receipt);
  expect(await database().$count(messages, and(eq(messages.referenceId, id)))).toBe(0);
});
