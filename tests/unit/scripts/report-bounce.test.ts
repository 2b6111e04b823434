import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver";

const secret = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;
const id = "01933f2e-1111-7222-8333-444455556666";
const bounce = [
  ...["From: MAILER-DAEMON@mail.example.com", "MIME-Version: 1.0"],
  ...['Content-Type: multipart/report; report-type=delivery-status; boundary="b"', "", "--b"],
  ...["Content-Type: message/delivery-status", "", `Original-Envelope-Id: ${id}`, ""],
  ...["Final-Recipient: rfc822; maria@example.com", "Action: failed", "Status: 5.2.2", "", "--b--", ""],
].join("\r\n");

let portal: WebhookReceiver;
beforeAll(async () => {
  portal = await startWebhookReceiver();
});
beforeEach(() => {
  portal.received.length = 0;
  portal.answerWith((_, response) => void response.writeHead(204).end());
});
afterAll(() => portal.close());

/** Pipes a mail into the script. Returns its exit code. */
async function report(mail: string, changes: Record<string, string> = {}): Promise<number> {
  const script = path.resolve(import.meta.dirname, "../../../scripts/report-bounce.mjs");
  const settings = { PORTAL_URL: portal.url, MESSAGE_OUTCOME_SECRETS: `${secret},whsec_old`, ...changes };
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, ...settings } as unknown as NodeJS.ProcessEnv,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.stdin.on("error", () => undefined).end(mail);
  const [code] = (await once(child, "exit")) as [number];
  return code;
}

test("a bounce is reported to the portal, signed", async () => {
  expect(await report(bounce)).toBe(0);
  const [{ path: asked, body, headers }] = portal.received as [(typeof portal.received)[0]];
  expect(asked).toBe("/api/messages/outcomes");
  expect(new Webhook(secret).verify(body, headers)).toMatchObject({
    type: "message.undelivered",
    data: { messageId: id, reason: "5.2.2" },
  });
});

test("any other mail is reported to nobody", async () => {
  expect(await report("Subject: Ausente\r\n\r\nVolto logo.")).toBe(0);
  expect(portal.received).toEqual([]);
});

test("the mail system is told to try again if the portal does not take it, or that a setting is missing", async () => {
  portal.answerWith((_, response) => void response.writeHead(503).end());
  expect(await report(bounce)).toBe(75);
  expect(await report(bounce, { PORTAL_URL: "http://127.0.0.1:1" })).toBe(75);
  expect(await report(bounce, { MESSAGE_OUTCOME_SECRETS: "" })).toBe(78);
});
