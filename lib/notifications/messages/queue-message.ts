import type { SQL } from "drizzle-orm";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { newId } from "@/lib/core/new-id";
import type { Transaction } from "@/lib/db/client";
import { messages } from "@/lib/db/schema";
import type { Locale } from "@/lib/i18n/locales";
import { after } from "@/lib/jobs/claim-jobs";
import { enqueueJob } from "@/lib/jobs/enqueue-job";
import { messageAddress } from "@/lib/notifications/messages/message-address";
import { checkData } from "@/lib/notifications/templates/check-data";
import { currentText } from "@/lib/notifications/templates/current-text";
import type { MessageChannel, MessageTemplate, TemplateData } from "@/lib/notifications/templates/message-templates";

export type NewMessage<Template extends MessageTemplate = MessageTemplate> = {
  /** The same key twice is one message: a word, an id and, where needed, a number: "received:0190….:2". */
  key: string;
  /** An id of the caller's, by which `readMessagesOf` finds the message. */
  referenceId: string;
  channel: MessageChannel;
  /** An e-mail address, or a telephone number in E.164. */
  recipient: string;
  template: Template;
  data: TemplateData<Template>;
  locale: Locale;
  /** After this time the message is not sent any more. Default: three days. */
  lifeMs?: number;
};

const defaultLifeMs = 3 * 24 * 60 * 60_000;

/** Leaves no room for a number or a name. */
const keyForm = /^[a-z_]{1,40}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(:\d{1,6})?$/;

/**
 * Puts a message into the outbox, in the transaction of the event that it reports. `messageJob` sends it after the
 * commit. A repeated key changes nothing, whatever else it says.
 * @throws Error for a recipient, values or a key of another form; it names none of them.
 */
export async function queueMessage<Template extends MessageTemplate>(
  tx: Transaction,
  { key, referenceId, channel, recipient, template, data, locale, lifeMs = defaultLifeMs }: NewMessage<Template>,
): Promise<void> {
  if (!keyForm.test(key)) throw new Error("the key of a message is a word and an id");
  const address = messageAddress[channel].safeParse(recipient);
  if (!address.success) throw new Error(`not an address of the channel ${channel}`);
  checkData(template, data);
  const [queued] = await tx
    .insert(messages)
    .values({
      id: newId(),
      key,
      referenceId,
      channel,
      template,
      locale,
      templateVersion: (await currentText(tx, { template, channel, locale })).version,
      recipientEncrypted: encryptField("message.recipient", address.data),
      dataEncrypted: encryptField("message.data", JSON.stringify(data)),
      expiresAt: after(lifeMs) as SQL<Date>,
    })
    .onConflictDoNothing({ target: messages.key })
    .returning({ messageId: messages.id });
  if (queued) await enqueueJob(tx, { kind: "message", key: queued.messageId, lane: channel, payload: queued });
}
