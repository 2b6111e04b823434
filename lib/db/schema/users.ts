import { sql } from "drizzle-orm";
import { boolean, index, integer, pgEnum, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, databaseNow, id, instant } from "@/lib/db/schema/columns";
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
    /** Signs in at the provider of single sign-on only: nobody knows the password of `passwordHash`. */
    ssoOnly: boolean("sso_only").notNull().default(false),
    /** Until when the person's next sign-in at the provider is linked to this account, as an administrator decided. */
    ssoLinkUntil: instant("sso_link_until"),
    /** Signs in with the password also while local sign-in is off. */
    breakGlass: boolean("break_glass").notNull().default(false),
    createdAt: createdAt(),
    updatedAt: instant("updated_at"),
    /** When the person was last told of many failed sign-ins from unknown devices: at most once a day. */
    signInWarnedAt: instant("sign_in_warned_at"),
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

/** How a person proved who they are. Stored; names are never changed. */
export const signInMethods = ["password", "totp", "recovery_code", "passkey", "sso", "sso_mfa"] as const;

export type SignInMethod = (typeof signInMethods)[number];

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
    /** When the person last proved who they are: at the sign-in, or when asked again. The database's clock. */
    provedAt: instant("proved_at").notNull().default(databaseNow),
    /** What was proved so far in this session, see `SignInMethod`. */
    methods: text("methods").array().notNull().default(["password"]).$type<SignInMethod[]>(),
    /** The sign-in at the provider that the session depends on (`sso_logins`). */
    ssoLoginId: uuid("sso_login_id"),
    /** Written at most once a minute. After the idle time of the person's role the session has ended. */
    lastUsedAt: instant("last_used_at").notNull().default(databaseNow),
    /** "Chrome 156" and "Linux"; null if they are not known. */
    browser: text("browser"),
    operatingSystem: text("operating_system"),
    /** The address of the sign-in, if a trusted proxy gave it. Emptied six months after the sign-in. */
    addressEncrypted: bytes("address_encrypted"),
    /** The known device (`known_devices`). Null for sessions of earlier releases. */
    deviceId: uuid("device_id"),
  },
  (table) => [
    index("sessions_user").on(table.userId),
    index("sessions_sso_login").on(table.ssoLoginId),
    index("sessions_with_address")
      .on(table.createdAt)
      .where(sql`address_encrypted is not null`),
  ],
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

/**
 * A proved sign-in on its way to a session: 60 seconds, used once. Bridges our own steps and next-auth, which sets the
 * cookie. The row keeps the token's SHA-256 alone.
 */
export const signInTickets = pgTable(
  "sign_in_tickets",
  {
    tokenDigest: bytes("token_digest").primaryKey(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    methods: text("methods").array().notNull().$type<SignInMethod[]>(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    /** The sign-in at the provider that the session will depend on (`sso_logins`). */
    ssoLoginId: uuid("sso_login_id"),
  },
  (table) => [index("sign_in_tickets_expiry").on(table.expiresAt), index("sign_in_tickets_user").on(table.userId)],
).enableRLS();
