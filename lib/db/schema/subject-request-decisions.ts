import { sql } from "drizzle-orm";
import { check, date, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { deletionOrders } from "@/lib/db/schema/deletion";
import { recordings } from "@/lib/db/schema/recordings";
import { audioForms, decisionMeasures, decisionResults } from "@/lib/db/schema/subject-request-words";
import { subjectRequestRights, subjectRequests } from "@/lib/db/schema/subject-requests";
import { users } from "@/lib/db/schema/users";

/** What is decided of each recording for each right of a request, why, and whether it is done. */
export const subjectRequestDecisions = pgTable(
  "subject_request_decisions",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    /** The right. */
    processId: uuid("process_id")
      .notNull()
      .references(() => subjectRequestRights.id),
    /** Null: the right as a whole. */
    recordingId: uuid("recording_id").references(() => recordings.id),
    measure: text("measure", { enum: decisionMeasures }).notNull(),
    /** Only of a delivery with sound; null: its data alone. */
    audioForm: text("audio_form", { enum: audioForms }),
    /** Code of the ground (`refusals.ts`), where something is not granted. */
    ground: text("ground"),
    /** The fact of the ground, the text of `inform`, or what was corrected: AES-256-GCM, it may name people. */
    factEncrypted: bytes("fact_encrypted"),
    /** The last day that it is kept, inclusive, of `keep` and `delete_later`. Null: no day is known. */
    keptUntil: date("kept_until"),
    decidedById: uuid("decided_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    /** The order under which the recording is deleted. */
    deletionOrderId: uuid("deletion_order_id").references(() => deletionOrders.id),
    result: text("result", { enum: decisionResults }),
    /** When it was done. Null with `stopped` and with what waits. */
    doneAt: instant("done_at"),
    /** When another decision took its place, or the right was reopened. */
    endedAt: instant("ended_at"),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    uniqueIndex("subject_request_decisions_recording")
      .on(table.processId, table.recordingId)
      .where(sql`ended_at is null and recording_id is not null`),
    uniqueIndex("subject_request_decisions_right")
      .on(table.processId)
      .where(sql`ended_at is null and recording_id is null`),
    index("subject_request_decisions_request").on(table.requestId, table.id),
    index("subject_request_decisions_of_recording").on(table.recordingId),
    // What is to be done, or waits for a hold or minimum to end.
    index("subject_request_decisions_open")
      .on(table.recordingId)
      .where(sql`done_at is null and ended_at is null and measure in ('delete', 'delete_later', 'anonymise')`),
    check("subject_request_decisions_audio", sql`audio_form is null or measure = 'deliver'`),
    check("subject_request_decisions_until", sql`kept_until is null or measure in ('keep', 'delete_later')`),
    check("subject_request_decisions_done", sql`(done_at is not null) = (result is not distinct from 'done')`),
    check("subject_request_decisions_emptied", sql`emptied_at is null or fact_encrypted is null`),
  ],
).enableRLS();
