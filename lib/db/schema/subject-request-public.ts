import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { messageChannels } from "@/lib/db/schema/messages";
import { subjectRequestIdentifiers, subjectRequests } from "@/lib/db/schema/subject-requests";

/** One-time codes that went to a line or address that a person named on the public page. */
export const subjectRequestCodes = pgTable(
  "subject_request_codes",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    /** The line that it went to. Null: the address to which the person wants the answer. */
    identifierId: uuid("identifier_id").references(() => subjectRequestIdentifiers.id),
    /** Keyed digest of the line or address: its codes of the last day are counted whatever the request. */
    addressDigest: bytes("address_digest").notNull(),
    channel: text("channel", { enum: messageChannels }).notNull(),
    /** Keyed digest of the code and its row. */
    codeDigest: bytes("code_digest").notNull(),
    triesLeft: smallint("tries_left").notNull(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    /** When the person entered it. */
    provedAt: instant("proved_at"),
  },
  (table) => [
    index("subject_request_codes_request").on(table.requestId, table.createdAt),
    index("subject_request_codes_address").on(table.addressDigest, table.createdAt),
    check("subject_request_codes_tries", sql`tries_left >= 0`),
  ],
).enableRLS();

/** Codes sent by SMS and call on a calendar day of the controller. */
export const subjectRequestCodeCounts = pgTable("subject_request_code_counts", {
  day: date("day").primaryKey(),
  sent: integer("sent").notNull(),
}).enableRLS();

/** How much of a limit of the public pages is taken, by a keyed digest of what it limits. */
export const subjectRequestLimits = pgTable(
  "subject_request_limits",
  {
    keyDigest: bytes("key_digest").primaryKey(),
    taken: integer("taken").notNull(),
    windowEndsAt: instant("window_ends_at").notNull(),
  },
  (table) => [index("subject_request_limits_window").on(table.windowEndsAt)],
).enableRLS();

/** Proofs of work that were used, until they expire: each serves one request. */
export const subjectRequestWorkProofs = pgTable(
  "subject_request_work_proofs",
  {
    /** SHA-256 of the challenge's signature. */
    challengeDigest: bytes("challenge_digest").primaryKey(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("subject_request_work_proofs_expiry").on(table.expiresAt)],
).enableRLS();

/** Who entered a fresh code may collect the answers of a request for an hour. */
export const subjectRequestCollections = pgTable(
  "subject_request_collections",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    /** SHA-256 of the token, which only that page has. */
    tokenDigest: bytes("token_digest").notNull(),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
  },
  (table) => [index("subject_request_collections_request").on(table.requestId, table.createdAt)],
).enableRLS();
