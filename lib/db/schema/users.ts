import { sql } from "drizzle-orm";
import { boolean, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { units } from "@/lib/db/schema/units";

export const userRole = pgEnum("user_role", ["admin", "supervisor", "dpo", "auditor"]);

/** Staff who sign in. Rows are never deleted, since the audit log names users by id; users are deactivated instead. */
export const users = pgTable(
  "users",
  {
    id: id(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: userRole("role").notNull(),
    active: boolean("active").notNull().default(true),
    /** argon2id, PHC string format. */
    passwordHash: text("password_hash").notNull(),
    mustChangePassword: boolean("must_change_password").notNull().default(false),
    locale: text("locale").notNull().default("pt-BR"),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
  },
  (table) => [uniqueIndex("users_email").on(sql`lower(${table.email})`)],
).enableRLS();

export const userUnits = pgTable(
  "user_units",
  {
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
  },
  (table) => [primaryKey({ columns: [table.userId, table.unitId] }), index("user_units_unit").on(table.unitId)],
).enableRLS();

/** A signed-in browser. The cookie carries only this id; the rest is read from here at each request. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (table) => [index("sessions_user").on(table.userId)],
).enableRLS();

/**
 * Failed sign-ins per account name or network address, both as keyed digests. Works alike whether or not the account
 * exists.
 */
export const signInThrottles = pgTable("sign_in_throttles", {
  keyDigest: bytes("key_digest").primaryKey(),
  failures: integer("failures").notNull(),
  lastFailureAt: instant("last_failure_at").notNull(),
  lockedUntil: instant("locked_until"),
}).enableRLS();
