import { sql } from "drizzle-orm";
import { index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/** How a message reaches a person. */
export const messageChannels = ["email", "sms", "voice"] as const;

export const messageStates = ["waiting", "sending", "sent", "refused", "failed"] as const;

/**
 * The outbox: a message to a person. It is written in the transaction of the event that it reports, and sent by a job
 * until the receiving server takes it (`sent`), refuses it for good (`refused`), or its time is over (`failed`).
 */
export const messages = pgTable(
  "messages",
  {
    /** Also in the Message-ID and the `webhook-id`, by which receivers recognise repetitions. */
    id: id(),
    /** The caller's name for this message: a word and ids. The same key twice is one message. */
    key: text("key").notNull().unique(),
    /** What the message is about: an id of the caller's. */
    referenceId: uuid("reference_id").notNull(),
    channel: text("channel", { enum: messageChannels }).notNull(),
    template: text("template").notNull(),
    /** The text that was valid when the message was queued: "standard:1" or "company:3". */
    templateVersion: text("template_version").notNull(),
    locale: text("locale", { enum: ["pt-BR", "en"] }).notNull(),
    /** Address, values of the template and the server's last reply. Null once they were emptied. */
    recipientEncrypted: bytes("recipient_encrypted"),
    dataEncrypted: bytes("data_encrypted"),
    replyEncrypted: bytes("reply_encrypted"),
    state: text("state", { enum: messageStates }).notNull().default("waiting"),
    createdAt: createdAt(),
    /** After this time it is not sent any more. */
    expiresAt: instant("expires_at").notNull(),
    /** Attempts that were begun. The message's job decides when the next one is due. */
    attempts: integer("attempts").notNull().default(0),
    /** When it reached one of the last three states. */
    endedAt: instant("ended_at"),
    /** Stable code of the last failure. */
    lastFailure: text("last_failure"),
  },
  (table) => [
    index("messages_reference").on(table.referenceId, table.createdAt, table.id),
    index("messages_to_empty")
      .on(table.endedAt)
      .where(sql`recipient_encrypted is not null`),
  ],
).enableRLS();

/**
 * The company's own texts of messages: one row for each change, never updated or deleted. Of a template, channel and
 * language the highest version is in force; without a body it says that the portal's own text is.
 */
export const messageTexts = pgTable(
  "message_texts",
  {
    id: id(),
    template: text("template").notNull(),
    channel: text("channel", { enum: messageChannels }).notNull(),
    locale: text("locale", { enum: ["pt-BR", "en"] }).notNull(),
    /** Counts from 1 without gaps. */
    version: integer("version").notNull(),
    /** Empty outside e-mail. */
    subject: text("subject"),
    body: text("body"),
    createdAt: createdAt(),
    createdById: uuid("created_by_id")
      .notNull()
      .references(() => users.id),
  },
  (table) => [unique("message_texts_version").on(table.template, table.channel, table.locale, table.version)],
).enableRLS();
