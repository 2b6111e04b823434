import type { Locale } from "@/lib/i18n/locales";
import type { MessageChannel, MessageTemplate } from "@/lib/notifications/templates/message-templates";
import { standardTexts, type TemplateText } from "@/lib/notifications/templates/standard-texts";

/** A text with the name of its version: "standard:1". */
export type VersionedText = { version: string; text: TemplateText };

/** The text that a new message gets. */
export function currentText(template: MessageTemplate, channel: MessageChannel, locale: Locale): VersionedText {
  const versions = standardTexts(template, channel, locale);
  return { version: `standard:${versions.length}`, text: versions.at(-1)! };
}

/** The text of a version that a message was queued with. @throws Error for an unknown version. */
export function textOfVersion(
  template: MessageTemplate,
  channel: MessageChannel,
  locale: Locale,
  version: string,
): TemplateText {
  const number = /^standard:(\d{1,4})$/.exec(version)?.[1];
  const text = number === undefined ? undefined : standardTexts(template, channel, locale)[Number(number) - 1];
  if (!text) throw new Error(`template ${template} has no version ${version}`);
  return text;
}
