import { eq } from "drizzle-orm";
import type { Transaction } from "@/lib/db/client";
import { users } from "@/lib/db/schema";
import { isLocale, type Locale } from "@/lib/i18n/locales";
import { configuredChannels } from "@/lib/notifications/configured-channels";
import { queueMessage } from "@/lib/notifications/messages/queue-message";
import type { MessageTemplate, TemplateData } from "@/lib/notifications/templates/message-templates";

/** Whether this installation can send people mail about their accounts. */
export const sendsMail = () => configuredChannels().includes("email");

type AccountMessage<Template extends MessageTemplate> = {
  userId: string;
  template: Template;
  /** The id of what the message is about. With the template it is the message's key: it is sent once. */
  about: string;
  lifeMs?: number;
};

/** Queues an e-mail to a person about their own account, in their language, where there is a mail server. */
export async function mailToPerson<Template extends MessageTemplate>(
  tx: Transaction,
  { userId, template, about, lifeMs }: AccountMessage<Template>,
  dataFor: (locale: Locale) => TemplateData<Template>,
): Promise<void> {
  if (!sendsMail()) return;
  const [person] = await tx
    .select({ email: users.email, locale: users.locale })
    .from(users)
    .where(eq(users.id, userId));
  if (!person) return;
  const locale = isLocale(person.locale) ? person.locale : "pt-BR";
  await queueMessage(tx, {
    ...{ key: `${template}:${about}`, referenceId: userId, channel: "email", recipient: person.email, template },
    ...{ data: dataFor(locale), locale, lifeMs },
  });
}
