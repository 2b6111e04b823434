import { and, eq } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { messages } from "@/lib/db/schema";
import { endedAs, endEvent } from "@/lib/notifications/messages/message-end";
import { command } from "@/lib/operation/operation";

const input = z.object({
  messageId: z.uuid().describe("`webhook-id` of the SMS or call; first part of the `Message-ID` of the e-mail"),
  reason: z.string().trim().max(500).default("").describe("What the mail system or the service said"),
});

/** The body of a report. */
export const undeliveredReport = z.object({ type: z.literal("message.undelivered"), data: input });

/**
 * Records that a message which a server took did not arrive after all: a bounce, or a service's later report. A
 * repeated report, or one about a message that was not sent, changes nothing.
 */
export const reportUndelivered = command({
  permission: "message:send",
  input,
  audits: ["message.refused"],
  run: async ({ tx, input: { messageId, reason } }) => {
    const isSent = and(eq(messages.id, messageId), eq(messages.state, "sent"));
    const [sent] = await tx.select().from(messages).where(isSent).for("update");
    if (!sent) return { result: null, unchanged: true as const };
    // It may repeat the address. The reply of an emptied message would never be erased.
    const keepsReply = reason !== "" && sent.recipientEncrypted !== null;
    const replyEncrypted = keepsReply ? encryptField("message.reply", reason) : null;
    const [refused] = await tx
      .update(messages)
      .set({ ...endedAs("refused"), endedAt: sent.endedAt, lastFailure: "bounced", replyEncrypted })
      .where(isSent)
      .returning();
    return { result: null, audits: [endEvent("refused", refused!)] };
  },
});
