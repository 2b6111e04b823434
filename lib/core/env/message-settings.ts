import { z } from "zod";
import { secureAddressProblem } from "@/lib/core/secure-address";

/** A mail server, and how to sign in to it. `isTlsFromStart`: `smtps`, port 465; otherwise STARTTLS is required. */
export type MailServer = {
  host: string;
  port: number;
  isTlsFromStart: boolean;
  auth: { user: string; pass: string } | null;
};

/** The sender of e-mails. Without a name, that of the controller is shown. */
export type MailSender = { name: string | null; address: string };

const unset = z.literal("").transform(() => undefined);

/**
 * SMTP_URL: `smtps://user:password@host` or `smtp://user:password@host:587`, both parts percent-encoded. Errors never
 * name the value, which has a password.
 */
const mailServer = z.string().transform((text, context): MailServer => {
  const fail = (message: string) => {
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  };
  if (!/^smtps?:\/\/[^/]/.test(text) || !URL.canParse(text)) return fail("is not an smtp:// or smtps:// address");
  const url = new URL(text);
  if (!/^\/?$/.test(url.pathname) || url.search !== "" || url.hash !== "") return fail("has more than host and port");
  if ((url.username === "") !== (url.password === "")) return fail("needs user and password, or neither");
  const isTlsFromStart = url.protocol === "smtps:";
  try {
    const [user, pass] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    return {
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: Number(url.port) || (isTlsFromStart ? 465 : 587),
      isTlsFromStart,
      auth: user === "" ? null : { user, pass },
    };
  } catch {
    return fail("has user or password that are not percent-encoded");
  }
});

/** MAIL_FROM: `privacidade@example.com` or `Encarregado <privacidade@example.com>`. */
const mailSender = z.string().transform((text, context): MailSender => {
  const [, name, bracketed] = /^(?:([^<>\r\n]*)<([^<>]*)>)$/.exec(text.trim()) ?? [];
  const address = z.email().safeParse((bracketed ?? text).trim());
  if (address.success) return { name: name?.trim().replace(/^"(.*)"$/, "$1") || null, address: address.data };
  context.addIssue({ code: "custom", message: 'is not "address" or "Name <address>"' });
  return z.NEVER;
});

/** An address that the portal sends to: https, or http on loopback; without credentials. */
export const gatewayAddress = z.string().superRefine((address, context) => {
  const problem = secureAddressProblem(address);
  if (problem !== null) context.addIssue({ code: "custom", message: problem });
});

/** Secrets of Standard Webhooks: "whsec_…", and after a comma the one that it replaces. Each of them signs. */
export const gatewaySecrets = z.string().transform((text, context): string[] => {
  const secrets = text.split(",").map((secret) => secret.trim());
  if (secrets.length <= 2 && secrets.every((secret) => /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/.test(secret)))
    return secrets;
  context.addIssue({
    code: "custom",
    message: "is not one or two secrets of the form whsec_ and 24 bytes or more in base64",
  });
  return z.NEVER;
});

/** The settings of messages to people. Nothing has a default that sends: without SMTP_URL no e-mail is sent. */
export const messageSettings = {
  SMTP_URL: unset.or(mailServer).optional(),
  MAIL_FROM: unset.or(mailSender).optional(),
  SMTP_CA_FILE: unset.or(z.string().startsWith("/", "is not an absolute path")).optional(),
  SMS_GATEWAY_URL: unset.or(gatewayAddress).optional(),
  SMS_GATEWAY_SECRETS: unset.or(gatewaySecrets).optional(),
  VOICE_GATEWAY_URL: unset.or(gatewayAddress).optional(),
  VOICE_GATEWAY_SECRETS: unset.or(gatewaySecrets).optional(),
  MESSAGE_OUTCOME_SECRETS: unset.or(gatewaySecrets).optional(),
  MESSAGE_CONTENT_DAYS: z.coerce.number().int().min(1).max(3650).default(30),
};

const needs = [
  ["SMTP_URL", "MAIL_FROM"],
  ["SMS_GATEWAY_URL", "SMS_GATEWAY_SECRETS"],
  ["VOICE_GATEWAY_URL", "VOICE_GATEWAY_SECRETS"],
] as const;

/** Settings that are missing beside others: their names, and those that need them. */
export const missingMessageSettings = (settings: Partial<Record<(typeof needs)[number][number], unknown>>) =>
  needs.filter(([name, needed]) => settings[name] !== undefined && settings[needed] === undefined);
