import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { database } from "@/lib/db/client";
import { auditEvents, jobs, messages } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import { emptyOldMessages } from "@/lib/notifications/messages/empty-old-messages";
import { beginMessage } from "@/lib/notifications/messages/begin-message";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { jobsTurnComes } from "../../support/background-jobs";
import { loadTypescript } from "../../support/load-typescript";
import { startMailServer, type MailServer } from "../../support/mail-server";
import { acknowledgement, clearOutbox, messageOf, queue, sendDue, timePasses } from "../../support/messages";
import { job } from "../../support/people";
import { eventsAbout } from "../../support/uploads";

let server: MailServer;

beforeAll(async () => {
  server = await startMailServer();
  Object.assign(process.env, {
    SMTP_URL: server.url,
    SMTP_CA_FILE: server.caFile,
    MAIL_FROM: "Encarregada de Dados <privacidade@example.com>",
  });
});
beforeEach(async () => {
  await clearOutbox();
  server.answerWith({});
  server.received.length = 0;
});
afterAll(() => server.close());

const code = (changes = {}) => ({
  ...acknowledgement(),
  template: "one_time_code" as const,
  data: { code: "407312", minutes: "10" },
  ...changes,
});

describe("an e-mail", () => {
  test("goes over TLS to its one recipient, in text and HTML, under a stable id", async () => {
    const reference = await queue(acknowledgement());
    expect(await messageOf(reference)).toMatchObject({
      state: "waiting",
      attempts: 0,
      nextAttemptAt: expect.any(Date),
    });
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    const { id } = await messageOf(reference);
    expect(server.received).toMatchObject([
      { from: "privacidade@example.com", to: ["maria.souza@example.com"], isEncrypted: true },
    ]);
    const { mail } = server.received[0]!;
    expect(mail.messageId).toBe(`<${id}@example.com>`);
    expect(mail.from!.text).toBe('"Encarregada de Dados" <privacidade@example.com>');
    expect(mail.subject).toBe("Recebemos sua requisição 202611290000017");
    expect(mail.text).toContain("O número de protocolo é **202611290000017**");
    expect(mail.html).toContain("<strong>202611290000017</strong>");
    expect(mail.html).toContain('<a href="http://127.0.0.1:1/titular">');
    expect(mail.headers.get("auto-submitted")).toBe("auto-generated");
    expect(await messageOf(reference)).toMatchObject({
      ...{ state: "sent", attempts: 1, lastFailure: null, reply: null, endedAt: expect.any(Date), nextAttemptAt: null },
      ...{ template: "request_received", templateVersion: "standard:1", locale: "pt-BR", channel: "email" },
    });
    expect(await eventsAbout(id, "message.sent")).toMatchObject([
      { actorType: "job", actorId: "message", outcome: "success", details: { referenceId: reference, attempt: 1 } },
    ]);
  });

  test("to an address that the server refuses with 550 is final, with the reply for whoever asks", async () => {
    server.answerWith({ recipient: (address) => ({ code: 550, text: `5.1.1 <${address}> unknown` }) });
    const reference = await queue(acknowledgement());
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    const refused = await messageOf(reference);
    expect(refused).toMatchObject({ state: "refused", lastFailure: "smtp_550", nextAttemptAt: null });
    expect(refused.reply).toContain("5.1.1 <maria.souza@example.com> unknown");
    expect(await eventsAbout(refused.id, "message.refused")).toMatchObject([
      { outcome: "failure", details: { code: "smtp_550" } },
    ]);
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 0, failed: 0 });
    expect(server.received).toEqual([]);
  });

  test("refused with 451 waits, and is taken later under the same Message-ID", async () => {
    server.answerWith({ data: () => ({ code: 451, text: "4.7.1 greylisted" }) });
    const reference = await queue(acknowledgement());
    expect(await sendDue()).toEqual({ done: 0, failed: 1 });
    const waiting = await messageOf(reference);
    expect(waiting).toMatchObject({ state: "waiting", attempts: 1, lastFailure: "smtp_451", endedAt: null });
    expect(waiting.nextAttemptAt!.getTime()).toBeGreaterThan(waiting.createdAt.getTime() + 5_000);
    // It is not due yet.
    expect(await sendDue()).toEqual({ done: 0, failed: 0 });
    server.answerWith({});
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    expect(await messageOf(reference)).toMatchObject({ state: "sent", attempts: 2, lastFailure: null, reply: null });
    expect(new Set(server.received.map(({ mail }) => mail.messageId)).size).toBe(1);
    expect(server.received).toHaveLength(2);
  });

  test("whose time is over is not sent any more, and says why", async () => {
    server.answerWith({ recipient: () => ({ code: 450, text: "4.2.0 later" }) });
    const late = await queue(code({ lifeMs: 600_000 }));
    await sendDue();
    server.answerWith({});
    await timePasses("11 minutes");
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    expect(server.received).toEqual([]);
    const { id, ...failed } = await messageOf(late);
    expect(failed).toMatchObject({ state: "failed", lastFailure: "smtp_450" });
    expect(await eventsAbout(id, "message.failed")).toHaveLength(1);
  });
});

describe("the outbox", () => {
  test("takes a message once per key, and none of a transaction that fails", async () => {
    const message = acknowledgement();
    await queue(message);
    await queue({ ...message, recipient: "other@example.com" });
    const lost = acknowledgement();
    await expect(
      auditedTransaction(async (tx) => {
        await queueMessage(tx, lost);
        throw new Error("the caller fails");
      }),
    ).rejects.toThrow("the caller fails");
    await sendDue();
    expect(server.received.map(({ to }) => to)).toEqual([["maria.souza@example.com"]]);
    expect(await messageOf(lost.referenceId)).toBeUndefined();
  });

  test("holds no address and no value in clear, in no job and no event", async () => {
    server.answerWith({ recipient: (address) => ({ code: 550, text: `<${address}> unknown` }) });
    await queue(acknowledgement());
    await queue(code());
    const stored = async () =>
      JSON.stringify(
        await database().execute(
          sql`select m::text from messages m union all select j::text from jobs j
            union all select e::text from audit_events e`,
        ),
      );
    const before = await stored();
    await sendDue();
    const after = await stored();
    expect(after).toContain("smtp_550");
    for (const secret of ["maria.souza", "202611290000017", "407312"])
      for (const form of [secret, Buffer.from(secret).toString("hex"), Buffer.from(secret).toString("base64")])
        expect(before + after).not.toContain(form);
  });

  test("forgets a one-time code as soon as it is sent, and the rest after the days that are set", async () => {
    const [ack, once] = [await queue(acknowledgement()), await queue(code())];
    await sendDue();
    const contents = async (reference: string) =>
      (await database().select().from(messages).where(eq(messages.referenceId, reference)))[0]!;
    expect(await contents(once)).toMatchObject({ dataEncrypted: null, recipientEncrypted: expect.any(Buffer) });
    expect(await contents(ack)).toMatchObject({ dataEncrypted: expect.any(Buffer) });
    await timePasses("29 days");
    expect(await emptyOldMessages(job("message"), {})).toEqual({ emptied: 0 });
    await timePasses("2 days");
    expect(await emptyOldMessages(job("message"), {})).toEqual({ emptied: 2 });
    expect(await contents(ack)).toMatchObject({
      ...{ state: "sent", dataEncrypted: null, recipientEncrypted: null, replyEncrypted: null },
    });
    expect(await emptyOldMessages(job("message"), {})).toEqual({ emptied: 0 });
    const emptied = await database()
      .select()
      .from(auditEvents)
      .where(eq(auditEvents.action, "message.contents_emptied"));
    expect(emptied).toMatchObject([{ details: { messages: 2 } }]);
  });

  test("sends each message once when four runs begin at once", async () => {
    const references: string[] = [];
    for (let count = 0; count < 8; count += 1) references.push(await queue(acknowledgement()));
    const runs = await Promise.all(Array.from({ length: 4 }, () => sendDue()));
    expect(runs.reduce((sum, { done }) => sum + done, 0)).toBe(8);
    expect(new Set(server.received.map(({ mail }) => mail.messageId)).size).toBe(8);
    expect(server.received).toHaveLength(8);
  });

  test("sends once more, under the same id, what a process killed after the server took it", async () => {
    const reference = await queue(acknowledgement());
    const program = path.join(import.meta.dirname, "send-due-messages.ts");
    const child = spawn(process.execPath, ["--import", loadTypescript, program], {
      env: process.env,
      stdio: "inherit",
    });
    server.answerWith({ data: () => (child.kill("SIGKILL"), null) });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    expect(signal).toBe("SIGKILL");
    expect(await messageOf(reference)).toMatchObject({ state: "sending", attempts: 1, endedAt: null });
    // The killed process's lease is still valid.
    expect(await sendDue()).toEqual({ done: 0, failed: 0 });
    server.answerWith({});
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    const { id, ...sent } = await messageOf(reference);
    expect(sent).toMatchObject({ state: "sent", attempts: 2 });
    expect(server.received.map(({ mail }) => mail.messageId)).toEqual([`<${id}@example.com>`, `<${id}@example.com>`]);
    expect(await eventsAbout(id, "message.sent")).toHaveLength(1);
  });

  test("does not begin a message for a process that lost its lease", async () => {
    const reference = await queue(acknowledgement());
    const { id: messageId } = await messageOf(reference);
    const [waiting] = await database().select().from(jobs);
    const lease = { jobId: waiting!.id, attempt: 7 };
    await expect(beginMessage(job("message"), { messageId, lease })).rejects.toMatchObject({ code: "conflict" });
    expect(await messageOf(reference)).toMatchObject({ state: "waiting", attempts: 0 });
  });

  test.each([
    ["an address of two people", { recipient: "a@example.com, b@example.com" }],
    ["an address with a line break", { recipient: "a@example.com\r\nBcc: b@example.com" }],
    ["a telephone number as e-mail", { recipient: "+5511987654321" }],
    ["an e-mail address for SMS", { channel: "sms" }],
    ["a key with a number", { key: "received:11987654321" }],
    ["a page of another site", { data: { protocol: "1", receivedOn: "x", page: "https://evil.example/titular" } }],
    [
      "a page with a code in its address",
      { data: { protocol: "1", receivedOn: "x", page: "http://127.0.0.1:1/titular?code=1" } },
    ],
    ["a missing value", { data: { protocol: "1", receivedOn: "x" } }],
    ["a value too many", { data: { ...acknowledgement().data, name: "Maria" } }],
    ["a value of two lines", { data: { ...acknowledgement().data, receivedOn: "x\ny" } }],
  ] as [string, object][])("refuses %s, without naming it", async (_, changes) => {
    const message = { ...acknowledgement(), referenceId: newId(), ...changes };
    const refusal = await queue(message as never).then(
      () => "taken",
      (error: Error) => error.message,
    );
    expect(refusal).not.toBe("taken");
    expect(refusal).not.toMatch(/example|98765|code=1|Maria/);
    expect(await messageOf(message.referenceId)).toBeUndefined();
  });
});
