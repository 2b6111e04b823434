import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { mandateTypes } from "@/lib/db/schema/subject-request-words";
import { subjectRequests } from "@/lib/db/schema/subject-requests";

/** A document that gives the power to ask for another person. Its content goes when the request is closed. */
export const subjectRequestMandates = pgTable(
  "subject_request_mandates",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    mediaType: text("media_type", { enum: mandateTypes }).notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** By which a file that is sent again is known. A keyed digest. */
    contentDigest: bytes("content_digest"),
    createdAt: createdAt(),
    purgedAt: instant("purged_at"),
  },
  (table) => [
    index("subject_request_mandates_request").on(table.requestId, table.id),
    /** Contents that are still there. */
    index("subject_request_mandates_kept")
      .on(table.requestId)
      .where(sql`purged_at is null`),
    uniqueIndex("subject_request_mandates_once")
      .on(table.requestId, table.contentDigest)
      .where(sql`purged_at is null`),
    check("subject_request_mandates_purged", sql`(purged_at is null) = (content_digest is not null)`),
  ],
).enableRLS();

/** The content, in pieces that a reader gets one by one. */
export const subjectRequestMandateParts = pgTable(
  "subject_request_mandate_parts",
  {
    mandateId: uuid("mandate_id")
      .notNull()
      .references(() => subjectRequestMandates.id),
    /** Counted from 1. */
    number: integer("number").notNull(),
    /** Base64, AES-256-GCM. */
    contentEncrypted: bytes("content_encrypted").notNull(),
  },
  (table) => [primaryKey({ columns: [table.mandateId, table.number] })],
).enableRLS();
