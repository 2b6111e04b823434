import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId } from "@/lib/core/new-id";
import { emptyOldMessages } from "@/lib/notifications/messages/empty-old-messages";
import { signedWebhook } from "@/lib/notifications/webhook-message";
import { startMailServer, type MailServer } from "../../support/mail-server";
import { acknowledgement, clearOutbox, messageOf, queue, sendDue, timePasses } from "../../support/messages";
import { job } from "../../support/people";
import { call } from "../../support/portal";
import { eventsAbout } from "../../support/uploads";

const secrets = [1, 2].map((byte) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`);
let server: MailServer;

beforeAll(async () => {
  server = await startMailServer();
  Object.assign(process.env, {
    ...{ SMTP_URL: server.url, SMTP_CA_FILE: server.caFile, MAIL_FROM: "privacidade@example.com" },
    MESSAGE_OUTCOME_SECRETS: secrets.join(","),
  });
});
beforeEach(clearOutbox);
afterAll(() => server.close());

async function report(data: Record<string, string>, by = [secrets[0]!], type = "message.undelivered"): Promise<number> {
  const { body, headers } = signedWebhook({ id: newId(), type, occurredAt: new Date(), data }, by);
  return (await call("POST", "/api/messages/outcomes", { headers, body })).status;
}

async function sent(): Promise<{ reference: string; messageId: string }> {
  const reference = await queue(acknowledgement());
  await sendDue();
  const { id, state } = await messageOf(reference);
  expect(state).toBe("sent");
  return { reference, messageId: id };
}

test.each(secrets)("a report signed by %s makes a sent message refused, once, with the reason", async (secret) => {
  const { reference, messageId } = await sent();
  const data = { messageId, reason: "5.1.1 <maria.souza@example.com> unknown" };
  expect(await report(data, [secret])).toBe(204);
  expect(await report(data, [secret])).toBe(204);
  expect(await messageOf(reference)).toMatchObject({ state: "refused", lastFailure: "bounced", reply: data.reason });
  const events = await eventsAbout(messageId, "message.refused");
  expect(events).toMatchObject([{ actorId: "message", details: { code: "bounced" } }]);
  expect(JSON.stringify(events)).not.toContain("maria");
});

test("a report about a message that was emptied keeps no reason", async () => {
  const { reference, messageId } = await sent();
  await timePasses("31 days");
  await emptyOldMessages(job("message"), {});
  expect(await report({ messageId, reason: "late" })).toBe(204);
  expect(await messageOf(reference)).toMatchObject({ state: "refused", lastFailure: "bounced", reply: null });
});

describe("nothing changes", () => {
  test("for an unknown message and for one that waits", async () => {
    expect(await report({ messageId: newId() })).toBe(204);
    const waiting = await queue(acknowledgement());
    expect(await report({ messageId: (await messageOf(waiting)).id })).toBe(204);
    expect(await messageOf(waiting)).toMatchObject({ state: "waiting", lastFailure: null });
  });

  test("without a valid signature, or for a body of another form", async () => {
    const { reference, messageId } = await sent();
    expect(await report({ messageId }, [`whsec_${Buffer.alloc(32, 9).toString("base64")}`])).toBe(401);
    expect((await call("POST", "/api/messages/outcomes", { json: { type: "message.undelivered" } })).status).toBe(401);
    expect(await report({ messageId }, secrets, "message.delivered")).toBe(422);
    expect(await report({ messageId: "1" })).toBe(422);
    expect(await report({ messageId, reason: "x".repeat(20_000) })).toBe(413);
    expect(await messageOf(reference)).toMatchObject({ state: "sent" });
  });
});
