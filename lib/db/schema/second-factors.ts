import { sql } from "drizzle-orm";
import { bigint, boolean, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { userRole, users, type SignInMethod } from "@/lib/db/schema/users";

const userId = () =>
  uuid("user_id")
    .notNull()
    .references(() => users.id);

/** The kinds of second factors. Stored in events; names are never changed. */
export const secondFactorKinds = ["totp", "passkey"] as const;

export type SecondFactorKind = (typeof secondFactorKinds)[number];

/** Authenticator apps (RFC 6238): one that counts and one that waits for its first code, for each person. */
export const totpFactors = pgTable(
  "totp_factors",
  {
    id: id(),
    userId: userId(),
    /** `user.totp_secret` of the field encryption: base32. */
    secretEncrypted: bytes("secret_encrypted").notNull(),
    /** The last time step whose code was used: that code and earlier ones are refused. */
    lastStep: bigint("last_step", { mode: "number" }).notNull().default(0),
    createdAt: createdAt(),
    confirmedAt: instant("confirmed_at"),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [
    uniqueIndex("totp_factors_confirmed")
      .on(table.userId)
      .where(sql`${table.confirmedAt} is not null`),
    uniqueIndex("totp_factors_waiting")
      .on(table.userId)
      .where(sql`${table.confirmedAt} is null`),
  ],
).enableRLS();

/** SHA-256 of codes of 118 random bits, each used once. */
export const recoveryCodes = pgTable(
  "recovery_codes",
  {
    id: id(),
    userId: userId(),
    codeDigest: bytes("code_digest").notNull(),
    createdAt: createdAt(),
    usedAt: instant("used_at"),
  },
  (table) => [uniqueIndex("recovery_codes_code").on(table.userId, table.codeDigest)],
).enableRLS();

/** WebAuthn credentials. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: id(),
    userId: userId(),
    /** base64url. */
    credentialId: text("credential_id").notNull(),
    /** COSE. */
    publicKey: bytes("public_key").notNull(),
    /** Of the authenticator; 0 for passkeys that are synchronised. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    transports: text("transports").array().notNull(),
    isBackedUp: boolean("is_backed_up").notNull(),
    /** As the person calls it. */
    name: text("name").notNull(),
    createdAt: createdAt(),
    lastUsedAt: instant("last_used_at"),
  },
  (table) => [uniqueIndex("passkeys_credential").on(table.credentialId), index("passkeys_user").on(table.userId)],
).enableRLS();

/**
 * What an authenticator has to sign, used once. The digest covers use, person, and the session or sign-in that it is
 * bound to; `userId` is null for a sign-in with a passkey alone.
 */
export const passkeyChallenges = pgTable(
  "passkey_challenges",
  {
    challengeDigest: bytes("challenge_digest").primaryKey(),
    use: text("use").notNull().$type<"register" | "prove" | "second_step" | "sign_in">(),
    userId: uuid("user_id").references(() => users.id),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
  },
  (table) => [
    index("passkey_challenges_expiry").on(table.expiresAt),
    index("passkey_challenges_user").on(table.userId),
  ],
).enableRLS();

/** A sign-in between password and second step. The row keeps the token's SHA-256 alone. */
export const signInChallenges = pgTable(
  "sign_in_challenges",
  {
    tokenDigest: bytes("token_digest").primaryKey(),
    userId: userId(),
    methods: text("methods").array().notNull().$type<SignInMethod[]>(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    usedAt: instant("used_at"),
    /** The sign-in at the provider that the session will depend on (`sso_logins`). */
    ssoLoginId: uuid("sso_login_id"),
  },
  (table) => [
    index("sign_in_challenges_expiry").on(table.expiresAt),
    index("sign_in_challenges_user").on(table.userId),
  ],
).enableRLS();

/** Wrong codes in a row. Only who has the password or an open session of the person can add to them. */
export const secondFactorAttempts = pgTable("second_factor_attempts", {
  userId: userId().primaryKey(),
  failures: integer("failures").notNull().default(0),
  lastFailureAt: instant("last_failure_at").notNull(),
  lockedUntil: instant("locked_until"),
}).enableRLS();

/** Roles whose people need a second factor by the controller's decision, beside those that always do. */
export const secondFactorRoles = pgTable("second_factor_roles", {
  role: userRole("role").primaryKey(),
  createdAt: createdAt(),
}).enableRLS();
