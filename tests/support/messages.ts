import { sql } from "drizzle-orm";
import { database } from "@/lib/db/client";
import { jobs, messages } from "@/lib/db/schema";
import { newId } from "@/lib/core/new-id";
import { queueMessage, type NewMessage } from "@/lib/notifications/messages/queue-message";
import { readMessagesOf } from "@/lib/notifications/messages/read-messages-of";
import type { MessageTemplate } from "@/lib/notifications/templates/message-templates";
import { auditedTransaction } from "@/lib/operation/audited-transaction";
import { workOff } from "./background-jobs";

/** A message as a later room would queue it: the acknowledgement of a request, by e-mail. */
export const acknowledgement = (changes: Partial<NewMessage> = {}): NewMessage => ({
  key: `received:${newId()}`,
  referenceId: newId(),
  channel: "email",
  recipient: "maria.souza@example.com",
  template: "request_received",
  data: { protocol: "202611290000017", receivedOn: "29/11/2026", page: "http://127.0.0.1:1/titular" },
  locale: "pt-BR",
  ...changes,
});

/** Queues a message in a transaction of its own and returns its reference. */
export async function queue<Template extends MessageTemplate>(message: NewMessage<Template>): Promise<string> {
  await auditedTransaction((tx) => queueMessage(tx, message));
  return message.referenceId;
}

/** Sends what is due. */
export const sendDue = async () => (await workOff("message")).message ?? { done: 0, failed: 0 };

/** What a later room sees of the only message about its reference. */
export const messageOf = async (referenceId: string) => (await readMessagesOf(database(), referenceId))[0]!;

/** Removes all messages and jobs of an earlier test. */
export async function clearOutbox(): Promise<void> {
  await database().delete(messages);
  await database().delete(jobs);
}

/** Lets so much time pass for all messages. */
export const timePasses = (interval: string) =>
  database()
    .update(messages)
    .set({
      createdAt: sql`${messages.createdAt} - ${interval}::interval`,
      expiresAt: sql`${messages.expiresAt} - ${interval}::interval`,
      endedAt: sql`${messages.endedAt} - ${interval}::interval`,
    });
