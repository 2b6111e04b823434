import { sql } from "drizzle-orm";
import { check, index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { sharerMeasures } from "@/lib/db/schema/subject-request-words";
import { subjectRequests } from "@/lib/db/schema/subject-requests";
import { users } from "@/lib/db/schema/users";

/** A letter to the person who asked, as it was signed. It is never changed: what happens later is another letter. */
export const subjectRequestAnswers = pgTable(
  "subject_request_answers",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    /** The protocol, `-R` and a number that counts from 1. */
    number: text("number").notNull().unique(),
    /** The rights that it answers. */
    processIds: uuid("process_ids").array().notNull(),
    locale: text("locale").notNull(),
    /** The letter as data, JSON, AES-256-GCM. */
    contentEncrypted: bytes("content_encrypted"),
    /** The PDF in base64, AES-256-GCM. */
    pdfEncrypted: bytes("pdf_encrypted"),
    /** SHA-256 of the PDF. */
    pdfSha256: bytes("pdf_sha256").notNull(),
    /** What the installation's key signed of it. Has no personal data. */
    statement: text("statement").notNull(),
    /** Null: a job, after a deletion that waited. */
    issuedById: uuid("issued_by_id").references(() => users.id),
    createdAt: createdAt(),
    /** Until when it can be collected on the public page, exclusive. */
    collectUntil: instant("collect_until").notNull(),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    index("subject_request_answers_request").on(table.requestId, table.id),
    check(
      "subject_request_answers_emptied",
      sql`emptied_at is null or num_nonnulls(content_encrypted, pdf_encrypted) = 0`,
    ),
  ],
).enableRLS();

/** Somebody who received a recording, and must be told what was done with it (LGPD Art. 18, § 6). */
export const subjectRequestSharerTasks = pgTable(
  "subject_request_sharer_tasks",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    measure: text("measure", { enum: sharerMeasures }).notNull(),
    recordingIds: uuid("recording_ids").array().notNull(),
    /** A user who downloaded it. Null: somebody outside, whom the DPO names. */
    userId: uuid("user_id").references(() => users.id),
    /** Name and address of somebody outside: AES-256-GCM. */
    recipientEncrypted: bytes("recipient_encrypted"),
    createdAt: createdAt(),
    notifiedAt: instant("notified_at"),
    acknowledgedAt: instant("acknowledged_at"),
    /** Why it was impossible, or a disproportionate effort: AES-256-GCM. */
    impossibleReasonEncrypted: bytes("impossible_reason_encrypted"),
    closedById: uuid("closed_by_id").references(() => users.id),
    closedAt: instant("closed_at"),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    unique("subject_request_sharer_tasks_once").on(table.requestId, table.measure, table.userId),
    index("subject_request_sharer_tasks_request").on(table.requestId, table.id),
    check(
      "subject_request_sharer_tasks_emptied",
      sql`emptied_at is null or num_nonnulls(recipient_encrypted, impossible_reason_encrypted) = 0`,
    ),
  ],
).enableRLS();
