import { eq, sql } from "drizzle-orm";
import { beforeEach, describe, expect, it } from "vitest";
import { env } from "@/lib/core/env";
import type { AppError } from "@/lib/core/errors";
import { database } from "@/lib/db/client";
import {
  messages,
  signInThrottles,
  subjectRequestCodeCounts,
  subjectRequestCodes,
  subjectRequestEvents,
  subjectRequestIdentityChecks,
} from "@/lib/db/schema";
import { readHealth } from "@/lib/overview/read-health";
import { checkCode } from "@/lib/subject-requests/public-page/check-code";
import { listRequests } from "@/lib/subject-requests/list-requests";
import { readOwnRequest } from "@/lib/subject-requests/public-page/read-own-request";
import { sendCode } from "@/lib/subject-requests/public-page/send-code";
import { registerRequest } from "@/lib/subject-requests/register-request";
import { contextOf, eventsOf, expectRefusal, person } from "../../../support/actors";
import {
  anotherAddress,
  anybody,
  clearLimits,
  lastMessageOf,
  requestOf,
  submit,
  timePassesForCodes,
  type Receipt,
} from "../../../support/public-requests";
import { letter, processesOf } from "../../../support/subject-requests";
import { daysAgo, policy, storedRecording, unitWithQueue } from "../../../support/recordings";

let line = 0;
/** A mobile number that no other test has. */
const anotherNumber = () => `(11) 98000-${String((line += 1)).padStart(4, "0")}`;

beforeEach(async () => {
  await clearLimits();
  await database().delete(subjectRequestCodeCounts);
});

const read = (receipt: Receipt, ipAddress: string | null = null) => readOwnRequest(anybody(ipAddress), receipt);

/** The line that the request named. */
async function lineOf(receipt: Receipt): Promise<string> {
  const { addresses } = (await read(receipt)).request;
  return addresses.find(({ channels }) => channels.includes("sms"))!.target;
}

const send = (receipt: Receipt, target: string, channel: "sms" | "voice" | "email" = "sms") =>
  sendCode(anybody(), { ...receipt, target, channel });

const check = (receipt: Receipt, target: string, oneTimeCode: string) =>
  checkCode(anybody(), { ...receipt, target, oneTimeCode });

const sentCode = async (receipt: Receipt) => (await lastMessageOf((await requestOf(receipt)).id))!.data.code!;

/** Another code than the right one. */
const checksOf = (requestId: string) =>
  database().select().from(subjectRequestIdentityChecks).where(eq(subjectRequestIdentityChecks.requestId, requestId));

const wrong = (code: string, by = 1) => String((Number(code) + by) % 1_000_000).padStart(6, "0");

describe("following a request", () => {
  it("takes protocol and code, as people type them, and shows states but nothing of custody", async () => {
    const receipt = await submit({ numbers: anotherNumber(), rights: ["confirmation", "deletion"] });
    const { request } = await readOwnRequest(anybody(), {
      protocol: ` ${receipt.protocol.slice(0, 8)}.${receipt.protocol.slice(8, 14)}-${receipt.protocol.slice(14)}`,
      followUpCode: receipt.followUpCode.toLowerCase().replaceAll("-", " "),
    });
    expect(request).toMatchObject({ protocol: receipt.protocol, isProved: false, answerChannel: "email" });
    expect(request.rights.map(({ right, state }) => [right, state])).toEqual([
      ["confirmation", "received"],
      ["deletion", "received"],
    ]);
    expect(request.addresses.map(({ shown }) => shown)).toEqual([
      expect.stringMatching(/^\(11\) •{5}-/),
      "m•••@example.com",
    ]);
    expect(JSON.stringify(request)).not.toMatch(/Maria|outcome|recording/);
  });

  it("refuses a wrong code, a protocol of nobody and one registered by hand in the same words", async () => {
    const receipt = await submit();
    const { context } = await person("dpo");
    const byHand = await registerRequest(context, letter());
    const other = await submit();
    for (const protocol of [receipt.protocol, "202001010000011", byHand.protocol].filter(Boolean)) {
      const refused = readOwnRequest(anybody(), { protocol, followUpCode: other.followUpCode });
      if (protocol === "202001010000011") await expectRefusal(refused, "invalid_input");
      else await expectRefusal(refused, "invalid_input", { followUpCode: "no_such_request" });
    }
    await expectRefusal(read({ ...receipt, followUpCode: "ABC" }), "invalid_input", { followUpCode: "not_a_code" });
  });

  it("slows an address that guesses, and no other", async () => {
    const receipt = await submit();
    const address = anotherAddress();
    const context = anybody(address);
    const guess = () => readOwnRequest(context, { ...receipt, followUpCode: "0000-0000-0000" });
    await expectRefusal(guess(), "invalid_input");
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.follow_up_refused", outcome: "failure" },
    ]);
    await database().update(signInThrottles).set({ failures: 60 });
    await expectRefusal(guess(), "invalid_input");
    await expectRefusal(read(receipt, address), "too_many_requests");
    await read(receipt, anotherAddress());
    await database().delete(signInThrottles);
    await read(receipt, address);
  });
});

describe("a one-time code", () => {
  it("of six digits goes to the very line, for ten minutes, and is kept as a digest", async () => {
    const receipt = await submit({ numbers: anotherNumber() });
    const target = await lineOf(receipt);
    const context = anybody();
    const answer = await sendCode(context, { ...receipt, target, channel: "sms" });
    const { id } = await requestOf(receipt);
    const message = await lastMessageOf(id);
    expect(message).toMatchObject({ template: "one_time_code", channel: "sms", data: { minutes: "10" } });
    expect(message!.recipient).toMatch(/^\+55119\d{8}$/);
    expect(message!.data.code).toMatch(/^\d{6}$/);
    const life = message!.expiresAt.getTime() - message!.createdAt.getTime();
    expect(Math.abs(life - 600_000)).toBeLessThan(5_000);
    expect(JSON.stringify(answer)).not.toContain(message!.data.code);
    const [stored] = await database().execute(
      sql`select c::text as text from subject_request_codes c where request_id = ${id}`,
    );
    expect(String(stored!.text)).not.toContain(message!.data.code);
    expect(await eventsOf(context)).toMatchObject([
      { action: "subject_request.code_sent", targetId: id, details: { protocol: receipt.protocol, channel: "sms" } },
    ]);
  });

  it("entered right moves the request to the desk's queue, and rights of level 1 to triage", async () => {
    const rights = ["confirmation", "consent_withdrawal", "deletion"] as const;
    const receipt = await submit({ numbers: anotherNumber(), rights: [...rights] });
    const target = await lineOf(receipt);
    await send(receipt, target);
    const context = anybody();
    const code = await sentCode(receipt);
    const typed = `${code.slice(0, 3)} ${code.slice(3)}`;
    const { request } = await checkCode(context, { ...receipt, target, oneTimeCode: typed });
    expect(request).toMatchObject({ isProved: true });
    expect(request.addresses.find((address) => address.target === target)).toMatchObject({ isProved: true });
    const stored = await requestOf(receipt);
    expect(stored).toMatchObject({ isUnproven: false, identityLevel: 1 });
    expect(await checksOf(stored.id)).toMatchObject([{ method: "code", level: 1, checkedById: null }]);
    expect(Object.fromEntries((await processesOf(stored.id)).map(({ right, state }) => [right, state]))).toEqual({
      confirmation: "triage",
      consent_withdrawal: "triage",
      deletion: "received",
    });
    const { context: dpo } = await person("dpo");
    const queue = await listRequests(dpo, { view: "open", limit: 100 });
    expect(queue.rows.map(({ protocol }) => protocol)).toContain(receipt.protocol);
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual([
      "subject_request.line_proved",
      ...Array<string>(4).fill("subject_request.step_taken"),
    ]);
    const events = await database()
      .select()
      .from(subjectRequestEvents)
      .where(eq(subjectRequestEvents.requestId, stored.id));
    expect(events.filter(({ kind }) => kind === "line_proved")).toMatchObject([{ actorType: "anonymous" }]);
    // It serves once.
    await expectRefusal(check(receipt, target, code), "invalid_input", { oneTimeCode: "no_code" });
  });

  it("to the address of the answer moves it to the queue too, and proves no identity", async () => {
    const receipt = await submit({ numbers: "", answerAddress: "ana@example.com" });
    await send(receipt, "answer", "email");
    await check(receipt, "answer", await sentCode(receipt));
    const stored = await requestOf(receipt);
    expect(stored).toMatchObject({ isUnproven: false, identityLevel: 0 });
    expect(await checksOf(stored.id)).toEqual([]);
    expect((await processesOf(stored.id)).map(({ state }) => state)).toEqual(["received", "received"]);
  });

  it("of a representative proves the line, and no right of another person", async () => {
    const receipt = await submit({
      ...{ numbers: anotherNumber(), rights: ["confirmation"], requester: "attorney", requesterName: "João" },
    });
    const target = await lineOf(receipt);
    await send(receipt, target);
    await check(receipt, target, await sentCode(receipt));
    expect((await processesOf((await requestOf(receipt)).id)).map(({ state }) => state)).toEqual(["received"]);
  });

  it("takes five tries, also at once, and then not even the right one", async () => {
    const receipt = await submit({ numbers: anotherNumber() });
    const target = await lineOf(receipt);
    await send(receipt, target);
    const code = await sentCode(receipt);
    const guesses = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        check(receipt, target, wrong(code, index + 1)).catch((error: AppError) => error),
      ),
    );
    const reasons = guesses.map((error) => (error as AppError).details.fields![0]!.reason);
    expect(reasons.filter((reason) => reason === "wrong_code")).toHaveLength(5);
    expect(reasons.filter((reason) => reason === "no_code")).toHaveLength(15);
    await expectRefusal(check(receipt, target, code), "invalid_input", { oneTimeCode: "no_code" });
    expect((await requestOf(receipt)).isUnproven).toBe(true);
  });

  it("is over after ten minutes, and replaced by the next one", async () => {
    const receipt = await submit({ numbers: anotherNumber() });
    const target = await lineOf(receipt);
    await send(receipt, target);
    const first = await sentCode(receipt);
    await timePassesForCodes("9 minutes");
    await expectRefusal(check(receipt, target, wrong(first)), "invalid_input", { oneTimeCode: "wrong_code" });
    await send(receipt, target);
    const second = await sentCode(receipt);
    if (first !== second)
      await expectRefusal(check(receipt, target, first), "invalid_input", { oneTimeCode: "wrong_code" });
    await timePassesForCodes("10 minutes 1 second");
    await expectRefusal(check(receipt, target, second), "invalid_input", { oneTimeCode: "no_code" });
  });

  it("of one request or line proves no other", async () => {
    const number = anotherNumber();
    const [mine, other] = [await submit({ numbers: number }), await submit({ numbers: anotherNumber() })];
    const target = await lineOf(mine);
    await send(mine, target);
    const code = await sentCode(mine);
    await expectRefusal(check(other, target, code), "invalid_input", { oneTimeCode: "no_code" });
    await expectRefusal(check(mine, "answer", code), "invalid_input", { oneTimeCode: "no_code" });
    await expectRefusal(send(other, target), "invalid_input", { target: "not_reachable" });
    await expectRefusal(send(mine, target, "email"), "invalid_input", { target: "not_reachable" });
  });

  it("is not sent to other countries, nor to a number that nobody named", async () => {
    const receipt = await submit({
      numbers: "+351 912 345 678",
      answerChannel: "phone",
      answerAddress: "+1 212 555 0123",
    });
    expect((await read(receipt)).request.addresses).toEqual([]);
    await expectRefusal(send(receipt, "answer"), "invalid_input", { target: "not_reachable" });
  });

  it("pauses grow, for the request and for the line, whatever request names it", async () => {
    const number = anotherNumber();
    const [mine, other] = [await submit({ numbers: number }), await submit({ numbers: number })];
    const [target, theirs] = [await lineOf(mine), await lineOf(other)];
    await send(mine, target);
    const waitOf = async (work: Promise<unknown>) =>
      ((await work.catch((error: unknown) => error)) as AppError).details.retryAfterSeconds!;
    expect(await waitOf(send(mine, target))).toBeLessThanOrEqual(60);
    expect(await waitOf(send(other, theirs))).toBeGreaterThan(30);
    await timePassesForCodes("61 seconds");
    await send(other, theirs);
    expect(await waitOf(send(mine, target))).toBeGreaterThan(200);
    const results = await Promise.all(
      [1, 2, 3].map(() => timePassesForCodes("0 seconds").then(() => send(mine, target).catch(() => "refused"))),
    );
    expect(results).toEqual(["refused", "refused", "refused"]);
    expect(
      await database().$count(subjectRequestCodes, eq(subjectRequestCodes.requestId, (await requestOf(mine)).id)),
    ).toBe(1);
  });
});

describe("the day's budget of codes to telephones", () => {
  const budget = env().PUBLIC_CODES_PER_DAY;

  it("ends with an event and a notice of health; codes by e-mail go on", async () => {
    const receipt = await submit({ numbers: anotherNumber() });
    const target = await lineOf(receipt);
    await send(receipt, target);
    await database()
      .update(subjectRequestCodeCounts)
      .set({ sent: budget - 1 });
    const last = await submit({ numbers: anotherNumber() });
    const context = anybody();
    await sendCode(context, { ...last, target: await lineOf(last), channel: "voice" });
    expect((await eventsOf(context)).map(({ action }) => action)).toEqual([
      "subject_request.code_sent",
      "subject_request.code_budget_used",
    ]);
    expect(await readHealth()).toMatchObject({ problems: expect.arrayContaining(["code_budget_used"]) as string[] });
    const late = await submit({ numbers: anotherNumber() });
    const queued = await database().$count(messages);
    await expectRefusal(send(late, await lineOf(late)), "code_budget_used");
    expect(await database().$count(messages)).toBe(queued);
    await send(late, "answer", "email");
    const [count] = await database().select().from(subjectRequestCodeCounts);
    expect(count?.sent).toBe(budget);
  });
});

describe("known and unknown numbers", () => {
  it("have the same answer at every step, in text and size", async () => {
    await policy(90);
    await storedRecording({ ...(await unitWithQueue()), startedAt: daysAgo(2) });
    const steps = async (number: string) => {
      const receipt = await submit({ numbers: number });
      const target = await lineOf(receipt);
      const sent = await send(receipt, target);
      const proved = await check(receipt, target, await sentCode(receipt));
      const text = JSON.stringify([receipt, await read(receipt), sent, proved]);
      return text
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<id>")
        .replaceAll(/\d{15}/g, "<protocol>")
        .replaceAll(/[0-9A-Z]{4}(-[0-9A-Z]{4}){2}/g, "<code>")
        .replaceAll(/•-\d{4}/g, "•-<digits>")
        .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>");
    };
    expect(await steps("(11) 98765-4321")).toBe(await steps(anotherNumber()));
  });
});

it("is for nobody in particular: a signed-in DPO follows requests at the desk", async () => {
  const { actor } = await person("dpo");
  const receipt = await submit();
  await expectRefusal(readOwnRequest(contextOf(actor), receipt), "forbidden");
});
