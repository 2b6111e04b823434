import { sql } from "drizzle-orm";
import { bigint, index, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";

/** An upload ticket: one object key, one recording. Each upload request creates a new ticket with a new key. */
export const uploadTickets = pgTable(
  "upload_tickets",
  {
    id: id(),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    objectKey: text("object_key").notNull().unique(),
    /**
     * single: one signed PUT. multipart: signed parts. content: permission to send through the portal.
     * received: one PUT, either under a `content` ticket or on a link that the portal serves itself because the store
     * may let one object replace another. Only the portal writes to its key, once.
     */
    kind: text("kind", { enum: ["single", "multipart", "content", "received"] })
      .notNull()
      .default("single"),
    /** Multipart upload id at the store. Null until the first part is requested. */
    multipartUploadId: text("multipart_upload_id"),
    partSizeBytes: bigint("part_size_bytes", { mode: "number" }),
    /** Where the object is moved at completion, on a store whose links could replace it. Never disclosed. */
    promotedKey: text("promoted_key").unique(),
    /**
     * The content that may be stored under the ticket's key. For `single` and `multipart`: as announced. For
     * `received`: as the sender announced or the portal hashed; the hash is written before the object is complete. Null
     * for `content`.
     * A completion refers to this content.
     */
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: bytes("sha256"),
    createdAt: createdAt(),
    expiresAt: instant("expires_at").notNull(),
    /**
     * Set when the ticket completed or rejected the recording, when its link received a `received` ticket, or when it
     * was swept.
     */
    closedAt: instant("closed_at"),
    outcome: text("outcome", { enum: ["completed", "rejected", "superseded", "swept"] }),
  },
  (table) => [
    index("upload_tickets_recording").on(table.recordingId),
    index("upload_tickets_open")
      .on(table.expiresAt, table.id)
      .where(sql`closed_at is null`),
    index("upload_tickets_unswept")
      .on(table.expiresAt, table.id)
      .where(sql`outcome in ('rejected', 'superseded') or (outcome = 'completed' and promoted_key is not null)`),
  ],
).enableRLS();
