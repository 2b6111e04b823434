import { and, inArray, isNotNull, sql } from "drizzle-orm";
import { z } from "zod";
import { env } from "@/lib/core/env";
import { messages } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { auditEvent } from "@/lib/operation/audit-event";
import { command } from "@/lib/operation/operation";

const batch = 1000;

/**
 * Erases addresses, values and replies of messages that ended MESSAGE_CONTENT_DAYS ago; what was sent when stays.
 * Returns how many, at most 1,000.
 */
export const emptyOldMessages = command({
  permission: "message:send",
  input: z.object({}),
  audits: ["message.contents_emptied"],
  run: async ({ tx }) => {
    const isOld = sql`${messages.endedAt} < ${databaseNow} - ${env().MESSAGE_CONTENT_DAYS} * interval '1 day'`;
    const old = tx
      .select({ id: messages.id })
      .from(messages)
      .where(and(isOld, isNotNull(messages.recipientEncrypted)))
      .limit(batch)
      .for("update", { skipLocked: true });
    const emptied = await tx
      .update(messages)
      .set({ recipientEncrypted: null, dataEncrypted: null, replyEncrypted: null })
      .where(inArray(messages.id, old))
      .returning({ id: messages.id });
    if (emptied.length === 0) return { result: { emptied: 0 }, unchanged: true as const };
    const details = { messages: emptied.length };
    return { result: { emptied: emptied.length }, audits: [auditEvent("message.contents_emptied", { details })] };
  },
});
