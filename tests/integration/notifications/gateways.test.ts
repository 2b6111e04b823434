import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { OutgoingMessage } from "@/lib/notifications/outgoing-message";
import { sendToGateway, type GatewaySettings } from "@/lib/notifications/gateway/send-to-gateway";
import { jobsTurnComes } from "../../support/background-jobs";
import { acknowledgement, clearOutbox, messageOf, queue, sendDue } from "../../support/messages";
import { eventsAbout } from "../../support/uploads";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const smsSecrets = [secretOf(1), secretOf(2)];
const voiceSecrets = [secretOf(3)];

let sms: WebhookReceiver;
let voice: WebhookReceiver;

beforeAll(async () => {
  [sms, voice] = await Promise.all([startWebhookReceiver(), startWebhookReceiver()]);
  Object.assign(process.env, {
    SMS_GATEWAY_URL: sms.url,
    SMS_GATEWAY_SECRETS: smsSecrets.join(","),
    VOICE_GATEWAY_URL: voice.url,
    VOICE_GATEWAY_SECRETS: voiceSecrets.join(","),
  });
});
beforeEach(async () => {
  await clearOutbox();
  for (const gateway of [sms, voice]) {
    gateway.received.length = 0;
    gateway.answerWith((_, response) => void response.writeHead(204).end());
  }
});
afterAll(() => Promise.all([sms.close(), voice.close()]));

const code = (channel: "sms" | "voice") => ({
  ...acknowledgement({ channel, recipient: "+5511987654321" }),
  template: "one_time_code" as const,
  data: { code: "407312", minutes: "10" },
  lifeMs: 600_000,
});

test("an SMS reaches the gateway signed under both secrets, with number, text and time limit", async () => {
  const reference = await queue(code("sms"));
  expect(await sendDue()).toEqual({ done: 1, failed: 0 });
  const { id, createdAt, expiresAt, ...sent } = await messageOf(reference);
  expect(sent).toMatchObject({ state: "sent", attempts: 1, channel: "sms", lastFailure: null });
  expect(voice.received).toEqual([]);
  const [{ headers, body }] = sms.received as [(typeof sms.received)[0]];
  expect(headers["webhook-id"]).toBe(id);
  for (const secret of smsSecrets)
    expect(new Webhook(secret).verify(body, headers)).toEqual({
      type: "message.sms",
      timestamp: createdAt.toISOString(),
      data: {
        to: "+5511987654321",
        text: expect.stringMatching(/^407312 confirma o seu telefone em /),
        language: "pt-BR",
        expiresAt: expiresAt.toISOString(),
      },
    });
  expect(() => new Webhook(voiceSecrets[0]!).verify(body, headers)).toThrow("No matching signature");
  expect(JSON.stringify(await eventsAbout(id))).not.toMatch(/98765|407312|127\.0\.0\.1/);
});

test("a call goes to its own gateway, with the code digit by digit", async () => {
  await queue(code("voice"));
  await sendDue();
  expect(sms.received).toEqual([]);
  const [{ headers, body }] = voice.received as [(typeof voice.received)[0]];
  const { type, data } = new Webhook(voiceSecrets[0]!).verify(body, headers) as {
    type: string;
    data: { text: string };
  };
  expect(type).toBe("message.voice");
  expect(data.text).toContain("4, 0, 7, 3, 1, 2");
});

describe("a gateway that does not take a message", () => {
  test("for good (422): it is refused, with the gateway's words", async () => {
    sms.answerWith((_, response) => void response.writeHead(422).end("invalid number +5511987654321"));
    const reference = await queue(code("sms"));
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    const { id, ...refused } = await messageOf(reference);
    expect(refused).toMatchObject({
      state: "refused",
      lastFailure: "http_422",
      reply: "invalid number +5511987654321",
    });
    expect(await eventsAbout(id, "message.refused")).toMatchObject([{ details: { code: "http_422", channel: "sms" } }]);
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 0, failed: 0 });
    expect(sms.received).toHaveLength(1);
  });

  test.each([401, 404, 429, 503])("with %i: it waits, and is taken later under the same id", async (status) => {
    sms.answerWith((_, response) => void response.writeHead(status).end("x".repeat(100_000)));
    const reference = await queue(code("sms"));
    expect(await sendDue()).toEqual({ done: 0, failed: 1 });
    const waiting = await messageOf(reference);
    expect(waiting).toMatchObject({ state: "waiting", lastFailure: `http_${status}`, reply: "x".repeat(500) });
    sms.answerWith((_, response) => void response.writeHead(200).end("queued"));
    await jobsTurnComes();
    expect(await sendDue()).toEqual({ done: 1, failed: 0 });
    expect(await messageOf(reference)).toMatchObject({ state: "sent", attempts: 2, reply: null });
    expect(new Set(sms.received.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([waiting.id]));
  });

  test("a hanging or redirecting gateway of one channel delays no other channel", async () => {
    sms.answerWith((_, response) => void response.writeHead(307, { location: voice.url }).end());
    const [redirected, called] = [await queue(code("sms")), await queue(code("voice"))];
    expect(await sendDue()).toEqual({ done: 1, failed: 1 });
    expect(await messageOf(redirected)).toMatchObject({ state: "waiting", lastFailure: "redirected" });
    expect(await messageOf(called)).toMatchObject({ state: "sent" });
    expect(voice.received).toHaveLength(1);
  });
});

test("nothing is sent in clear to another machine, whoever set the address", async () => {
  const settings: GatewaySettings = { SMS_GATEWAY_URL: "http://gateway.example/sms", SMS_GATEWAY_SECRETS: smsSecrets };
  const message: OutgoingMessage = {
    ...{ messageId: crypto.randomUUID(), channel: "sms", locale: "en", recipient: "+5511987654321" },
    ...{ createdAt: new Date(), expiresAt: new Date(), content: { subject: null, text: "x", html: null } },
  };
  expect(await sendToGateway(message, settings)).toEqual({ outcome: "retry", code: "not_secure", reply: null });
  expect(await sendToGateway(message, {})).toMatchObject({ outcome: "retry", code: "not_configured" });
});
