import type { SendResult } from "@/lib/notifications/outgoing-message";

/** What nodemailer's errors have. */
type MailError = {
  code?: string;
  command?: string;
  responseCode?: number;
  response?: string;
  permanent?: boolean;
  message?: string;
};

/** Where a server refuses the recipient or the message itself. Elsewhere a refusal is about the sender's settings. */
const aboutMessage = ["RCPT TO", "DATA"];

const longestReply = 500;

/**
 * What a failed attempt means. A final reply (5xx) to the recipient or the message ends it; anything else is tried
 * again: a reply that may pass (4xx), a wrong password, a server without TLS or with a wrong certificate.
 */
export function judgeMailError(thrown: unknown): SendResult {
  const error = (typeof thrown === "object" && thrown !== null ? thrown : {}) as MailError;
  const reply = error.response?.slice(0, longestReply) ?? null;
  const isFinal = error.permanent === true && aboutMessage.includes(error.command ?? "");
  return { outcome: isFinal ? "refused" : "retry", code: codeOf(error), reply };
}

function codeOf({ code, responseCode, message = "" }: MailError): string {
  if (code === "EAUTH" || code === "ENOAUTH") return "sign_in_refused";
  if (isCertificateProblem(code, message)) return "certificate_refused";
  if (code === "ETLS") return "tls_missing";
  if (responseCode !== undefined) return `smtp_${responseCode}`;
  return code === "ETIMEDOUT" ? "timed_out" : "unreachable";
}

const isCertificateProblem = (code: string | undefined, message: string) =>
  (code === "ESOCKET" || code === "ETLS") && /certificate|altnames/i.test(message);
