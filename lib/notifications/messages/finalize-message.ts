import { and, eq, sql } from "drizzle-orm";
import { z } from "zod";
import { encryptField } from "@/lib/core/crypto/field-encryption";
import { messages } from "@/lib/db/schema";
import { databaseNow } from "@/lib/db/schema/columns";
import { endedAs, endEvent } from "@/lib/notifications/messages/message-end";
import { command } from "@/lib/operation/operation";

const failure = { code: z.string().max(40), reply: z.string().max(2000).nullable() };

const input = z.object({
  messageId: z.uuid(),
  /** Number of the attempt. The result of an earlier attempt is ignored after a later one began. */
  attempt: z.int().min(1),
  result: z.discriminatedUnion("outcome", [
    z.object({ outcome: z.literal("sent") }),
    z.object({ outcome: z.enum(["refused", "retry"]), ...failure }),
  ]),
});

/** Records the result of an attempt. Returns whether the message waits for another one. */
export const finalizeMessage = command({
  permission: "message:send",
  input,
  audits: ["message.sent", "message.refused", "message.failed"],
  run: async ({ tx, input: { messageId, attempt, result } }) => {
    const isOurs = and(eq(messages.id, messageId), eq(messages.state, "sending"), eq(messages.attempts, attempt));
    const [open] = await tx
      .select({ isExpired: sql<boolean>`${messages.expiresAt} <= ${databaseNow}` })
      .from(messages)
      .where(isOurs)
      .for("update");
    if (!open) return { result: { isWaiting: false }, unchanged: true as const };
    const said =
      result.outcome === "sent"
        ? { lastFailure: null, replyEncrypted: null }
        : { lastFailure: result.code, replyEncrypted: sealed(result.reply) };
    if (result.outcome === "retry" && !open.isExpired) {
      await tx
        .update(messages)
        .set({ ...said, state: "waiting" })
        .where(isOurs);
      return { result: { isWaiting: true }, unchanged: true as const };
    }
    const state = result.outcome === "retry" ? "failed" : result.outcome;
    const [ended] = await tx
      .update(messages)
      .set({ ...endedAs(state), ...said })
      .where(isOurs)
      .returning();
    return { result: { isWaiting: false }, audits: [endEvent(state, ended!)] };
  },
});

const sealed = (reply: string | null) => (reply === null ? null : encryptField("message.reply", reply));
