import { simpleParser } from "mailparser";

const messageId = /<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/i;
const longestReason = 400;

/**
 * Reads a bounce (RFC 3464). Returns the portal's message and the reason; null for anything else: a delay, an
 * out-of-office reply, a bounce of another program's message.
 */
export async function readBounce(source) {
  const mail = await simpleParser(source, { keepDeliveryStatus: true });
  const textOf = (type) =>
    mail.attachments.filter(({ contentType }) => contentType === type).map(({ content }) => content.toString("utf8"));
  const status = textOf("message/delivery-status").join("\n");
  if (!/^Action:\s*failed\b/im.test(status)) return null;
  const original = [status, ...textOf("text/rfc822-headers"), ...textOf("message/rfc822")].join("\n");
  const envelope = /^Original-Envelope-Id:\s*([0-9a-f-]{36})\s*$/im.exec(status)?.[1];
  const id = envelope ?? messageId.exec(/^Message-ID:.*(?:\r?\n[ \t].*)*/im.exec(original)?.[0] ?? "")?.[1];
  if (!id) return null;
  const field = (name) => new RegExp(`^${name}:\\s*(.*(?:\\r?\\n[ \\t].*)*)`, "im").exec(status)?.[1] ?? "";
  const reason = [field("Status"), field("Diagnostic-Code")].filter(Boolean).join(" ").replace(/\s+/g, " ");
  return { messageId: id.toLowerCase(), reason: reason.slice(0, longestReason) };
}
