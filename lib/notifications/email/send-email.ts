import { readFile } from "node:fs/promises";
import { rootCertificates } from "node:tls";
import { createTransport } from "nodemailer";
import { env, type Env } from "@/lib/core/env";
import type { MailSender, MailServer } from "@/lib/core/env/message-settings";
import { log } from "@/lib/core/log";
import { judgeMailError } from "@/lib/notifications/email/judge-mail-error";
import type { OutgoingMessage, SendResult } from "@/lib/notifications/outgoing-message";

export type MailSettings = Pick<Env, "SMTP_URL" | "MAIL_FROM" | "SMTP_CA_FILE">;

const connectMs = 10_000;
const idleMs = 20_000;

/**
 * Sends one e-mail to its one recipient. TLS is required, with a certificate for the server's name. Repetitions have
 * the same Message-ID. Never throws.
 */
export async function sendEmail(message: OutgoingMessage, settings: MailSettings = env()): Promise<SendResult> {
  const { SMTP_URL: server, MAIL_FROM: sender, SMTP_CA_FILE: file } = settings;
  if (!server || !sender) return { outcome: "retry", code: "not_configured", reply: null };
  let ca: string[] | undefined;
  try {
    ca = file === undefined ? undefined : [...rootCertificates, await readFile(file, "utf8")];
  } catch (error) {
    log.error({ error }, "SMTP_CA_FILE cannot be read");
    return { outcome: "retry", code: "certificates_unreadable", reply: null };
  }
  const transport = createTransport({ ...connection(server, sender), tls: { minVersion: "TLSv1.2", ca } });
  try {
    await transport.sendMail(emailOf(message, sender));
    return { outcome: "sent" };
  } catch (error) {
    return judgeMailError(error);
  } finally {
    transport.close();
  }
}

const connection = ({ host, port, isTlsFromStart, auth }: MailServer, { address }: MailSender) => ({
  host,
  port,
  secure: isTlsFromStart,
  requireTLS: true,
  auth: auth ?? undefined,
  name: domainOf(address),
  connectionTimeout: connectMs,
  greetingTimeout: connectMs,
  socketTimeout: idleMs,
  disableFileAccess: true,
  disableUrlAccess: true,
});

const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1);

function emailOf({ messageId, locale, recipient, createdAt, content }: OutgoingMessage, sender: MailSender) {
  return {
    messageId: `<${messageId}@${domainOf(sender.address)}>`,
    date: createdAt,
    from: { name: sender.name ?? env().CONTROLLER_NAME, address: sender.address },
    // A string would be parsed as a list of addresses.
    to: { name: "", address: recipient },
    envelope: { from: sender.address, to: [recipient] },
    // Asks the server, if it can, to report a failure to MAIL_FROM under the message's id.
    dsn: {
      id: messageId,
      return: "headers" as const,
      notify: ["failure" as const, "delay" as const],
      recipient: `rfc822;${recipient}`,
    },
    // Out-of-office replies are not answered (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "Content-Language": locale },
    subject: content.subject ?? "",
    text: content.text,
    html: content.html ?? undefined,
  };
}
