import { index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, databaseNow, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/**
 * Browsers from which a person has signed in, known by a cookie for 90 days. The row keeps the SHA-256 of the cookie's
 * token, which changes at each sign-in. Of people who share a browser each has a row.
 */
export const knownDevices = pgTable(
  "known_devices",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    tokenDigest: bytes("token_digest").notNull(),
    createdAt: createdAt(),
    lastUsedAt: instant("last_used_at").notNull().default(databaseNow),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [
    uniqueIndex("known_devices_token").on(table.tokenDigest, table.userId),
    index("known_devices_user").on(table.userId),
    index("known_devices_expiry").on(table.expiresAt),
  ],
).enableRLS();

export const passwordLinkPurposes = ["invitation", "reset"] as const;

/** A link by which a person sets their password, once. The row keeps the token's SHA-256 alone. */
export const passwordLinks = pgTable(
  "password_links",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    purpose: text("purpose", { enum: passwordLinkPurposes }).notNull(),
    tokenDigest: bytes("token_digest").notNull().unique(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    /** Set when it ends unused: somebody withdrew it, or another link or password took its place. */
    endedAt: instant("ended_at"),
    endReason: text("end_reason", { enum: ["withdrawn", "replaced"] }),
  },
  (table) => [
    index("password_links_user").on(table.userId, table.createdAt),
    index("password_links_expiry").on(table.expiresAt),
  ],
).enableRLS();
