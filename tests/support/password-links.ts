import { and, desc, eq } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { database } from "@/lib/db/client";
import { messages } from "@/lib/db/schema";

/** The messages about a person's account, newest first, with their values. */
export async function accountMessages(userId: string) {
  const rows = await database()
    .select()
    .from(messages)
    .where(eq(messages.referenceId, userId))
    .orderBy(desc(messages.createdAt), desc(messages.id));
  return rows.map(({ template, dataEncrypted, recipientEncrypted, expiresAt }) => ({
    template,
    expiresAt,
    data: JSON.parse(decryptField("message.data", dataEncrypted!)) as Record<string, string>,
    recipient: decryptField("message.recipient", recipientEncrypted!),
  }));
}

/** The token of the newest link that was mailed to a person. */
export async function mailedToken(userId: string, template: "invitation" | "password_reset"): Promise<string> {
  const [message] = await database()
    .select()
    .from(messages)
    .where(and(eq(messages.referenceId, userId), eq(messages.template, template)))
    .orderBy(desc(messages.createdAt), desc(messages.id))
    .limit(1);
  const { link } = JSON.parse(decryptField("message.data", message!.dataEncrypted!)) as { link: string };
  return new URL(link).hash.slice(1);
}
