import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";

/** A phone system or import command. May upload, nothing else. */
export const serviceAccounts = pgTable("service_accounts", {
  id: id(),
  name: text("name").notNull().unique(),
  active: boolean("active").notNull().default(true),
  /** Where the phone system wants to hear what became of its recordings; null: nowhere. */
  webhookUrl: text("webhook_url"),
  webhookSecretEncrypted: bytes("webhook_secret_encrypted"),
  /** The secret before this one: signs beside it until then, so that the phone system can change over. */
  webhookOldSecretEncrypted: bytes("webhook_old_secret_encrypted"),
  webhookOldSecretUntil: instant("webhook_old_secret_until"),
  createdAt: createdAt(),
}).enableRLS();

/** A message to a phone system, written in the transaction that it tells of and sent until it is taken or given up. */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    /** Also the `webhook-id` by which the receiver tells repetitions. */
    id: id(),
    serviceAccountId: uuid("service_account_id")
      .notNull()
      .references(() => serviceAccounts.id),
    recordingId: uuid("recording_id").notNull(),
    event: text("event", { enum: ["recording.stored", "recording.failed"] }).notNull(),
    /** Told for each ticket at most once. */
    ticketId: uuid("ticket_id").notNull(),
    payload: jsonb("payload").$type<Record<string, string | null>>().notNull(),
    createdAt: createdAt(),
    /** Attempts whose end is known. When the next one is due says its job. */
    attempts: integer("attempts").notNull().default(0),
    deliveredAt: instant("delivered_at"),
    abandonedAt: instant("abandoned_at"),
    /** Status or code of the last failure. */
    lastFailure: text("last_failure"),
  },
  (table) => [
    unique("webhook_deliveries_once").on(table.ticketId, table.event),
    index("webhook_deliveries_account").on(table.serviceAccountId, table.createdAt, table.id),
  ],
).enableRLS();

/** The key itself is shown once and never stored: 256 random bits need no slow hash, SHA-256 does. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: id(),
    serviceAccountId: uuid("service_account_id")
      .notNull()
      .references(() => serviceAccounts.id),
    /** First characters, so that people can tell keys apart. */
    prefix: text("prefix").notNull(),
    keyHash: bytes("key_hash").notNull().unique(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [index("api_keys_account").on(table.serviceAccountId)],
).enableRLS();
