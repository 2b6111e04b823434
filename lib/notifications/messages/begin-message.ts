import { and, eq, inArray, sql } from "drizzle-orm";
import { z } from "zod";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { log } from "@/lib/core/log";
import type { Transaction } from "@/lib/db/client";
import { messages } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { jobLease } from "@/lib/jobs/job-handler";
import { requireLease } from "@/lib/jobs/job-lease";
import { endedAs, endEvent } from "@/lib/notifications/messages/message-end";
import type { OutgoingMessage } from "@/lib/notifications/outgoing-message";
import { textOfVersion } from "@/lib/notifications/templates/current-text";
import type { MessageTemplate } from "@/lib/notifications/templates/message-templates";
import { renderMessage } from "@/lib/notifications/templates/render-message";
import { command } from "@/lib/operation/operation";

/**
 * Marks a message as being sent, before anything is sent, and returns it with the number of the attempt. A message that
 * a killed process was sending is begun again. Null: nothing is left to do, or its time is over, which is recorded.
 * `message` is null if no configured key decrypts it.
 * @throws AppError `conflict` when another process has taken the job over.
 */
export const beginMessage = command({
  permission: "message:send",
  input: z.object({ messageId: z.uuid(), lease: jobLease }),
  audits: ["message.failed"],
  run: async ({ tx, input: { messageId, lease } }) => {
    await requireLease(tx, lease);
    const isOpen = and(eq(messages.id, messageId), inArray(messages.state, ["waiting", "sending"]));
    const lastFailure = sql`coalesce(${messages.lastFailure}, 'expired')`;
    const [expired] = await tx
      .update(messages)
      .set({ ...endedAs("failed"), lastFailure })
      .where(and(isOpen, sql`${messages.expiresAt} <= ${databaseNow}`))
      .returning();
    if (expired) return { result: null, audits: [endEvent("failed", expired)] };
    const [row] = await tx
      .update(messages)
      .set({ state: "sending", attempts: sql`${messages.attempts} + 1` })
      .where(isOpen)
      .returning();
    if (!row) return { result: null, unchanged: true as const };
    return { result: { attempt: row.attempts, message: await readMessage(tx, row) }, unchanged: true as const };
  },
});

async function readMessage(tx: Transaction, row: typeof messages.$inferSelect): Promise<OutgoingMessage | null> {
  const { id: messageId, channel, locale, templateVersion, createdAt, expiresAt } = row;
  const template = row.template as MessageTemplate;
  const text = await textOfVersion(tx, { template, channel, locale }, templateVersion);
  try {
    const recipient = decryptField("message.recipient", row.recipientEncrypted!);
    const data = JSON.parse(decryptField("message.data", row.dataEncrypted!)) as Record<string, string>;
    const content = renderMessage({ template, channel, locale }, text, data);
    return { messageId, channel, locale, recipient, createdAt, expiresAt, content };
  } catch (error) {
    log.error({ error, messageId }, "a message cannot be read: put the encryption key back");
    return null;
  }
}
