import { sql } from "drizzle-orm";
import { boolean, check, index, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { units } from "@/lib/db/schema/units";
import { userRole, users } from "@/lib/db/schema/users";

/** What administrators decide about single sign-on: one row. The provider itself is in the environment. */
export const singleSignOn = pgTable(
  "single_sign_on",
  {
    name: text("name").primaryKey().default("settings"),
    /** The issuer whose verified e-mails may take over existing accounts, other than of administrators and DPO. */
    linkingIssuer: text("linking_issuer"),
    /** False: only people with `break_glass` sign in with what the portal itself knows. */
    localSignIn: boolean("local_sign_in").notNull().default(true),
    /** The issuer by which an administrator has signed in, and when last. */
    provenIssuer: text("proven_issuer"),
    provenAt: instant("proven_at"),
  },
  (table) => [check("single_sign_on_one", sql`${table.name} = 'settings'`)],
).enableRLS();

/** A row of the table from claims to roles. */
export const ssoRules = pgTable(
  "sso_rules",
  {
    id: id(),
    createdAt: createdAt(),
    /** Name of a claim, or the path to it with dots between: "realm_access.roles". */
    claim: text("claim").notNull(),
    /** The value, or one of the values in a list. */
    value: text("value").notNull(),
    role: userRole("role").notNull(),
  },
  (table) => [unique("sso_rules_one").on(table.claim, table.value, table.role)],
).enableRLS();

export const ssoRuleUnits = pgTable(
  "sso_rule_units",
  {
    ruleId: uuid("rule_id")
      .notNull()
      .references(() => ssoRules.id, { onDelete: "cascade" }),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
  },
  (table) => [primaryKey({ columns: [table.ruleId, table.unitId] })],
).enableRLS();

/** Who a person is at a provider. The subject is kept as a keyed digest: some providers use e-mails or numbers. */
export const ssoIdentities = pgTable(
  "sso_identities",
  {
    id: id(),
    createdAt: createdAt(),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    issuer: text("issuer").notNull(),
    subjectDigest: bytes("subject_digest").notNull(),
  },
  (table) => [
    unique("sso_identities_subject").on(table.issuer, table.subjectDigest),
    unique("sso_identities_user").on(table.userId, table.issuer),
  ],
).enableRLS();

/** One try to sign in at the provider, from the start to the provider's answer. The browser's cookie finds it. */
export const ssoTries = pgTable(
  "sso_tries",
  {
    /** SHA-256 of the cookie. */
    cookieDigest: bytes("cookie_digest").primaryKey(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    /** SHA-256 of the `state`. */
    stateDigest: bytes("state_digest").notNull(),
    /** The nonce and the verifier of PKCE, encrypted. */
    secrets: bytes("secrets").notNull(),
    /** The page of the portal to return to. */
    returnTo: text("return_to").notNull(),
    /** With a fresh proof for a session: the session. No reference: the row is short-lived. */
    sessionId: uuid("session_id"),
  },
  (table) => [index("sso_tries_expiry").on(table.expiresAt)],
).enableRLS();

/** A person's sign-in at the provider, which sessions of the portal depend on. */
export const ssoLogins = pgTable(
  "sso_logins",
  {
    id: id(),
    createdAt: createdAt(),
    /** Null after the identity was unlinked. */
    identityId: uuid("identity_id").references(() => ssoIdentities.id, { onDelete: "set null" }),
    userId: uuid("user_id")
      .notNull()
      .references(() => users.id),
    /** Keyed digest of the provider's session (`sid`). */
    sidDigest: bytes("sid_digest"),
    /** The tokens to ask the provider again with, encrypted. Erased at the end. */
    tokens: bytes("tokens"),
    /** When the provider last confirmed the person. */
    confirmedAt: instant("confirmed_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (table) => [
    index("sso_logins_user").on(table.userId),
    index("sso_logins_sid").on(table.sidDigest),
    index("sso_logins_open")
      .on(table.confirmedAt)
      .where(sql`ended_at is null`),
    check("sso_logins_erased", sql`ended_at is null or tokens is null`),
  ],
).enableRLS();

/** Logout tokens of the provider that were used: each works once. */
export const ssoLogoutTokens = pgTable("sso_logout_tokens", {
  /** Keyed digest of issuer and `jti`. */
  jtiDigest: bytes("jti_digest").primaryKey(),
  createdAt: createdAt(),
}).enableRLS();
