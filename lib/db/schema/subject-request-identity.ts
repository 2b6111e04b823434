import { sql } from "drizzle-orm";
import { check, index, pgTable, smallint, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { identityMethods, seenDocuments } from "@/lib/db/schema/subject-request-words";
import { subjectRequests } from "@/lib/db/schema/subject-requests";
import { users } from "@/lib/db/schema/users";

/** Each proof of who asks. Rows are never deleted; only what may name people is emptied. */
export const subjectRequestIdentityChecks = pgTable(
  "subject_request_identity_checks",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    method: text("method", { enum: identityMethods }).notNull(),
    /** The level that the method proves, as it was then. */
    level: smallint("level").notNull(),
    document: text("document", { enum: seenDocuments }),
    /** The last three characters of the document's number, AES-256-GCM. */
    documentTailEncrypted: bytes("document_tail_encrypted"),
    /** What was compared, AES-256-GCM. */
    noteEncrypted: bytes("note_encrypted"),
    /** Null: the person entered the code that went to a line of the request, on the public page. */
    checkedById: uuid("checked_by_id").references(() => users.id),
    createdAt: createdAt(),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    index("subject_request_identity_checks_request").on(table.requestId, table.id),
    check("subject_request_identity_checks_level", sql`level between 1 and 4`),
    check(
      "subject_request_identity_checks_emptied",
      sql.raw(
        "(emptied_at is null and checked_by_id is not null) = (note_encrypted is not null) and " +
          "(emptied_at is null or document_tail_encrypted is null)",
      ),
    ),
  ],
).enableRLS();
