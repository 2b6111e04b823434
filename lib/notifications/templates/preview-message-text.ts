import { env } from "@/lib/core/env";
import type { Locale } from "@/lib/i18n/locales";
import { checkText } from "@/lib/notifications/templates/check-text";
import { renderMessage, renderMessageBody } from "@/lib/notifications/templates/render-message";
import { textInput } from "@/lib/notifications/templates/text-input";
import { AppError } from "@/lib/core/errors";
import { query } from "@/lib/operation/operation";

const status: Record<Locale, string> = { "pt-BR": "em análise", en: "under review" };

/** Values that no message has, for a preview. */
const examples = (locale: Locale): Record<string, string> => ({
  code: "123456",
  minutes: "10",
  protocol: "202603020000017",
  receivedOn: "02/03/2026",
  availableUntil: "01/04/2026",
  status: status[locale],
  page: new URL("/titular", env().NEXTAUTH_URL).href,
  link: `${new URL("/set-password", env().NEXTAUTH_URL).href}#${"x".repeat(43)}`,
  until: "05/03/2026 09:00",
  device: "Firefox 140, Windows",
  time: "02/03/2026 09:00",
});

/**
 * A text as a person would get it, with examples for its variables. `html` is the body of an e-mail; null otherwise.
 * @throws AppError `invalid_input` with the reasons of `checkText`
 */
export const previewMessageText = query({
  permission: "message-text:read",
  input: textInput,
  run: async ({ input: { subject, body, ...key } }) => {
    const fields = checkText(key.template, key.channel, { subject, body });
    if (fields.length > 0) throw new AppError("invalid_input", "text of a message", { fields });
    const rendered = renderMessage(key, { subject, body }, examples(key.locale));
    const html = key.channel === "email" ? renderMessageBody(key, body, examples(key.locale)) : null;
    return { subject: rendered.subject, text: rendered.text, html };
  },
});

export type MessagePreview = Awaited<ReturnType<typeof previewMessageText>>;
