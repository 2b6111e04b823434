import { and, asc, eq, isNull, sql } from "drizzle-orm";
import { decryptField } from "@/lib/core/crypto/field-encryption";
import { log } from "@/lib/core/log";
import type { ReadDatabase } from "@/lib/db/client";
import { jobs, messages } from "@/lib/db/schema";

/**
 * What became of the messages about one thing, oldest first: state, attempts, the last failure as a code and in the
 * server's words (null once emptied). For the query of a room below, which authorises; it shows no address.
 */
export async function readMessagesOf(db: ReadDatabase, referenceId: string) {
  const rows = await db
    .select({
      id: messages.id,
      key: messages.key,
      channel: messages.channel,
      template: messages.template,
      templateVersion: messages.templateVersion,
      locale: messages.locale,
      state: messages.state,
      createdAt: messages.createdAt,
      expiresAt: messages.expiresAt,
      endedAt: messages.endedAt,
      attempts: messages.attempts,
      lastFailure: messages.lastFailure,
      replyEncrypted: messages.replyEncrypted,
      nextAttemptAt: jobs.runAt,
    })
    .from(messages)
    .leftJoin(jobs, and(eq(jobs.kind, "message"), sql`${jobs.key} = ${messages.id}::text`, isNull(jobs.deadAt)))
    .where(eq(messages.referenceId, referenceId))
    .orderBy(asc(messages.createdAt), asc(messages.id))
    .limit(longestList);
  return rows.map(({ replyEncrypted, nextAttemptAt, ...row }) => ({
    ...row,
    reply: replyEncrypted && readReply(row.id, replyEncrypted),
    nextAttemptAt: row.state === "waiting" ? nextAttemptAt : null,
  }));
}

export type MessageRow = Awaited<ReturnType<typeof readMessagesOf>>[number];

const longestList = 200;

function readReply(messageId: string, encrypted: Buffer): string | null {
  try {
    return decryptField("message.reply", encrypted);
  } catch (error) {
    log.error({ error, messageId }, "the reply to a message cannot be decrypted: put the encryption key back");
    return null;
  }
}
