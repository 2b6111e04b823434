import { afterEach, expect, test } from "vitest";
import { parseEnv } from "@/lib/core/env";
import { newId } from "@/lib/core/new-id";
import { sendEmail, type MailSettings } from "@/lib/notifications/email/send-email";
import { startMailServer, type MailServer } from "../../support/mail-server";

const servers: MailServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  servers.push(server);
  return server;
}

const settingsOf = ({ url, caFile }: Pick<MailServer, "url" | "caFile">, changes = {}): MailSettings =>
  parseEnv({ ...process.env, SMTP_URL: url, SMTP_CA_FILE: caFile, MAIL_FROM: "privacidade@example.com", ...changes });

const message = () => ({
  messageId: newId(),
  channel: "email" as const,
  locale: "en" as const,
  recipient: "joao@example.com",
  createdAt: new Date(),
  expiresAt: new Date(Date.now() + 600_000),
  content: { subject: "Código", text: "Olá", html: "<p>Olá</p>" },
});

test.each(["start", "starttls"] as const)("a server with TLS (%s) takes an e-mail, encrypted", async (tls) => {
  const server = await start({ tls });
  expect(await sendEmail(message(), settingsOf(server))).toEqual({ outcome: "sent" });
  expect(server.received).toMatchObject([{ to: ["joao@example.com"], isEncrypted: true }]);
  expect(server.received[0]!.mail.from!.value).toEqual([
    { name: process.env.CONTROLLER_NAME, address: "privacidade@example.com" },
  ]);
});

test("a server without TLS gets no password and no e-mail", async () => {
  const server = await start({ tls: "none" });
  expect(await sendEmail(message(), settingsOf(server))).toMatchObject({ outcome: "retry", code: "tls_missing" });
  expect(server.received).toEqual([]);
});

test("a server with a certificate that nobody trusts gets nothing", async () => {
  const server = await start();
  const result = await sendEmail(message(), settingsOf(server, { SMTP_CA_FILE: "" }));
  expect(result).toMatchObject({ outcome: "retry", code: "certificate_refused" });
  expect(server.received).toEqual([]);
});

test("a server with a trusted certificate for another name gets nothing", async () => {
  const server = await start({ certificateFor: "mail.example.net" });
  expect(await sendEmail(message(), settingsOf(server))).toMatchObject({
    outcome: "retry",
    code: "certificate_refused",
  });
  expect(server.received).toEqual([]);
});

test("a wrong password, a server that is gone and a missing certificate file are tried again", async () => {
  const server = await start();
  const wrong = settingsOf({ ...server, url: server.url.replace("s3nha", "outra") });
  expect(await sendEmail(message(), wrong)).toMatchObject({ outcome: "retry", code: "sign_in_refused" });
  const lost = settingsOf(server, { SMTP_CA_FILE: "/nonexistent/ca.pem" });
  expect(await sendEmail(message(), lost)).toMatchObject({ outcome: "retry", code: "certificates_unreadable" });
  const settings = settingsOf(server, { SMTP_CA_FILE: "" });
  await servers.pop()!.close();
  expect(await sendEmail(message(), settings)).toMatchObject({ outcome: "retry", code: "unreachable" });
});

test("without settings it waits", async () => {
  const settings = parseEnv({ ...process.env, SMTP_URL: "", MAIL_FROM: "" });
  expect(await sendEmail(message(), settings)).toMatchObject({ outcome: "retry", code: "not_configured" });
});

test("a final reply to the content is final; one that may pass, or to the sender's own address, is not", async () => {
  const server = await start();
  server.answerWith({ data: () => ({ code: 554, text: "5.6.0 content refused" }) });
  expect(await sendEmail(message(), settingsOf(server))).toMatchObject({ outcome: "refused", code: "smtp_554" });
  server.answerWith({ data: () => ({ code: 452, text: "4.3.1 full" }) });
  expect(await sendEmail(message(), settingsOf(server))).toMatchObject({ outcome: "retry", code: "smtp_452" });
  server.answerWith({ sender: () => ({ code: 553, text: "5.7.1 not your address" }) });
  expect(await sendEmail(message(), settingsOf(server))).toMatchObject({ outcome: "retry", code: "smtp_553" });
});
