import { boolean, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";

/** A phone system or import command. May upload, nothing else. */
export const serviceAccounts = pgTable("service_accounts", {
  id: id(),
  name: text("name").notNull().unique(),
  active: boolean("active").notNull().default(true),
  createdAt: createdAt(),
}).enableRLS();

/** The key itself is shown once and never stored: 256 random bits need no slow hash, SHA-256 does. */
export const apiKeys = pgTable(
  "api_keys",
  {
    id: id(),
    serviceAccountId: uuid("service_account_id").notNull().references(() => serviceAccounts.id),
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
