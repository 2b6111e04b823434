import { boolean, index, integer, jsonb, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";

/** A phone system or import command. It may only upload. */
export const serviceAccounts = pgTable("service_accounts", {
  id: id(),
  name: text("name").notNull().unique(),
  active: boolean("active").notNull().default(true),
  /** How its phone system dials, where that differs from the units of its calls. Null: as the unit. */
  areaCode: text("area_code"),
  outsidePrefix: text("outside_prefix"),
  /** The webhook URL of the phone system for the outcome of its recordings. Null: none. */
  webhookUrl: text("webhook_url"),
  webhookSecretEncrypted: bytes("webhook_secret_encrypted"),
  /** The previous secret: signs as well until this time, so that the phone system can switch. */
  webhookOldSecretEncrypted: bytes("webhook_old_secret_encrypted"),
  webhookOldSecretUntil: instant("webhook_old_secret_until"),
  createdAt: createdAt(),
}).enableRLS();

/**
 * A webhook message to a phone system. It is written in the transaction of the event, and sent until it is accepted or
 * fails for good.
 */
export const webhookDeliveries = pgTable(
  "webhook_deliveries",
  {
    /** Also the `webhook-id`, by which the receiver recognises repetitions. */
    id: id(),
    serviceAccountId: uuid("service_account_id")
      .notNull()
      .references(() => serviceAccounts.id),
    recordingId: uuid("recording_id").notNull(),
    event: text("event", { enum: ["recording.stored", "recording.failed", "recording.empty"] }).notNull(),
    /** At most one message per ticket. */
    ticketId: uuid("ticket_id").notNull(),
    payload: jsonb("payload").$type<Record<string, string | null>>().notNull(),
    createdAt: createdAt(),
    /** Finished attempts. The message's job decides when the next one is due. */
    attempts: integer("attempts").notNull().default(0),
    deliveredAt: instant("delivered_at"),
    abandonedAt: instant("abandoned_at"),
    /** HTTP status or error code of the last failure. */
    lastFailure: text("last_failure"),
  },
  (table) => [
    unique("webhook_deliveries_once").on(table.ticketId, table.event),
    index("webhook_deliveries_account").on(table.serviceAccountId, table.createdAt, table.id),
  ],
).enableRLS();

/** The key is shown once and never stored. SHA-256 is enough for 256 random bits; a slow hash is not needed. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: id(),
    serviceAccountId: uuid("service_account_id")
      .notNull()
      .references(() => serviceAccounts.id),
    /** The first characters, to tell keys apart. */
    prefix: text("prefix").notNull(),
    keyHash: bytes("key_hash").notNull().unique(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [index("api_keys_account").on(table.serviceAccountId)],
).enableRLS();
