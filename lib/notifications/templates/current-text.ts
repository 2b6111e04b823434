import { and, desc, eq } from "drizzle-orm";
import type { ReadDatabase, Transaction } from "@/lib/db/client";
import { messageTexts } from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import type { MessageChannel, MessageTemplate } from "@/lib/notifications/templates/message-templates";
import { standardTexts, type TemplateText } from "@/lib/notifications/templates/standard-texts";

/** Which text: each template has one for each channel and language. */
export type TextKey = { template: MessageTemplate; channel: MessageChannel; locale: Locale };

/** A text with the name of its version: "standard:1", "company:3". */
export type VersionedText = { version: string; text: TemplateText };

/** The text that a new message gets: the company's, if it has one, otherwise the portal's own. */
export async function currentText(db: ReadDatabase | Transaction, key: TextKey): Promise<VersionedText> {
  const [latest] = await db.select().from(messageTexts).where(ofKey(key)).orderBy(desc(messageTexts.version)).limit(1);
  return latest ? (companyText(latest) ?? standardText(key)) : standardText(key);
}

/** The portal's own text, in its latest version. */
export function standardText({ template, channel, locale }: TextKey): VersionedText {
  const versions = standardTexts(template, channel, locale);
  return { version: `standard:${versions.length}`, text: versions.at(-1)! };
}

/** The text of a version that a message was queued with. @throws Error for an unknown version. */
export async function textOfVersion(
  db: ReadDatabase | Transaction,
  key: TextKey,
  version: string,
): Promise<TemplateText> {
  const [, kind, digits] = /^(standard|company):(\d{1,9})$/.exec(version) ?? [];
  const number = Number(digits);
  const text = kind === "company" ? await companyVersion(db, key, number) : standardVersion(key, number);
  if (!text) throw new Error(`template ${key.template} has no version ${version}`);
  return text;
}

/** Rows of one text. */
export const ofKey = ({ template, channel, locale }: TextKey) =>
  and(eq(messageTexts.template, template), eq(messageTexts.channel, channel), eq(messageTexts.locale, locale));

const standardVersion = ({ template, channel, locale }: TextKey, number: number) =>
  standardTexts(template, channel, locale)[number - 1];

async function companyVersion(db: ReadDatabase | Transaction, key: TextKey, number: number) {
  const isVersion = and(ofKey(key), eq(messageTexts.version, number));
  const [row] = await db.select().from(messageTexts).where(isVersion);
  return row && companyText(row)?.text;
}

function companyText({ version, subject, body }: typeof messageTexts.$inferSelect): VersionedText | null {
  return body === null ? null : { version: `company:${version}`, text: { subject: subject ?? "", body } };
}
