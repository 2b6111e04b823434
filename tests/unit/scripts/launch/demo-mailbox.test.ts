import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseEnv, type Env } from "@/lib/core/env";
import { sendEmail } from "@/lib/notifications/email/send-email";
import { sendToGateway } from "@/lib/notifications/gateway/send-to-gateway";
import type { OutgoingMessage } from "@/lib/notifications/outgoing-message";
import { startDemoMailbox } from "../../../../scripts/launch/demo-mailbox.mjs";

let folder: string;
let mailbox: Awaited<ReturnType<typeof startDemoMailbox>>;
let settings: Env;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "custodia-mailbox-"));
  mailbox = await startDemoMailbox(path.join(folder, "ca.pem"));
  settings = parseEnv({ ...process.env, ...mailbox.settings });
});
afterAll(async () => {
  await mailbox.stop();
  await rm(folder, { recursive: true, force: true });
});

const message = (changes: Partial<OutgoingMessage>): OutgoingMessage => ({
  ...{ messageId: crypto.randomUUID(), channel: "email", locale: "pt-BR", recipient: "maria@example.com" },
  ...{ createdAt: new Date(), expiresAt: new Date(Date.now() + 600_000) },
  content: { subject: "Seu código", text: "Código: 407312 <b>\n", html: "<p>Código</p>" },
  ...changes,
});

const page = async () => (await fetch(mailbox.url)).text();

test("the demo's page shows what the portal sends, by every channel, escaped", async () => {
  expect(await page()).toContain("Nenhuma mensagem ainda");
  expect(await sendEmail(message({}), settings)).toEqual({ outcome: "sent" });
  for (const channel of ["sms", "voice"] as const) {
    const content = { subject: null, text: `Por ${channel}: <i>407312</i>`, html: null };
    const sent = await sendToGateway(message({ channel, recipient: "+5511987654321", content }), settings);
    expect(sent).toEqual({ outcome: "sent" });
  }
  const shown = await page();
  expect(shown).toContain("maria@example.com: Seu código");
  expect(shown).toContain("Código: 407312 &lt;b&gt;");
  expect(shown).toContain("+5511987654321");
  expect(shown).toContain("Por sms: &lt;i&gt;407312&lt;/i&gt;");
  expect(shown).toContain("Por voice: &lt;i&gt;407312&lt;/i&gt;");
  expect(shown).not.toMatch(/<i>|<b>/);
});

test("the page answers to no other name, and may load nothing", async () => {
  const { headers } = await fetch(mailbox.url);
  expect(headers.get("content-security-policy")).toContain("default-src 'none'");
  const status = await new Promise((resolve, reject) => {
    request(mailbox.url, { headers: { host: "evil.example" } }, ({ statusCode }) => resolve(statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(403);
});
