import type { Locale } from "@/lib/i18n/locales";
import type { MessageChannel, MessageTemplate } from "@/lib/notifications/templates/message-templates";
import texts from "@/lib/notifications/templates/standard-texts.json" with { type: "json" };

/** A subject for e-mail only (empty otherwise), and a text with `{variables}`; in e-mail it is Markdown. */
export type TemplateText = { subject: string; body: string };

type Stored = { subject?: string; body: string[] };

/**
 * The texts that the portal brings: for each template, channel and language all versions, oldest first. A message names
 * the version that it was queued with, so a text that was released is never changed: append the next one.
 * Portuguese texts for SMS avoid letters outside the GSM alphabet, which would halve the room of a message.
 */
export function standardTexts(template: MessageTemplate, channel: MessageChannel, locale: Locale): TemplateText[] {
  const stored: Stored[] = texts[template][channel][locale];
  return stored.map(({ subject = "", body }) => ({ subject, body: body.join("\n\n") }));
}
