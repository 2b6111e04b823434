import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, smallint, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import {
  answerChannels,
  answerForms,
  identifierKinds,
  processOutcomes,
  processStates,
  requestChannels,
  requesters,
  requestRights,
} from "@/lib/db/schema/subject-request-words";
import { users } from "@/lib/db/schema/users";

/**
 * Requests of the persons recorded (LGPD Art. 18). Names, words and addresses are personal data, AES-256-GCM, and null
 * once the request is emptied, years after its closure.
 */
export const subjectRequests = pgTable(
  "subject_requests",
  {
    id: id(),
    /** `AAAAMMDD`, six digits and a check digit. */
    protocol: text("protocol").notNull().unique(),
    channel: text("channel", { enum: requestChannels }).notNull(),
    requester: text("requester", { enum: requesters }).notNull(),
    /** By whatever channel: the clocks start here. May be earlier than `createdAt`, when somebody registered it. */
    receivedAt: instant("received_at").notNull(),
    /** IANA zone in which its clocks count, as the controller's was at receipt. */
    timeZone: text("time_zone").notNull().default("America/Sao_Paulo"),
    createdAt: createdAt(),
    /** Null: the person did it on the public form. */
    registeredById: uuid("registered_by_id").references(() => users.id),
    /** Keyed digest of the form, so that a form that is sent twice is told from another with its key. */
    formDigest: bytes("form_digest"),
    subjectNameEncrypted: bytes("subject_name_encrypted"),
    /** Of whoever asks for another person. */
    requesterNameEncrypted: bytes("requester_name_encrypted"),
    /** The number that Procon or the ANPD gave the matter. */
    authorityReferenceEncrypted: bytes("authority_reference_encrypted"),
    wordsEncrypted: bytes("words_encrypted"),
    /** The calls meant, by day, both inclusive. */
    periodFrom: date("period_from"),
    periodTo: date("period_to"),
    answerChannel: text("answer_channel", { enum: answerChannels }).notNull(),
    answerForm: text("answer_form", { enum: answerForms }).notNull(),
    /** E-mail, number or postal address, as `answerChannel` says. */
    answerAddressEncrypted: bytes("answer_address_encrypted"),
    answerLocale: text("answer_locale").notNull(),
    /** The last day that an authority gave, inclusive. It replaces the clocks of the rights. */
    orderedDueOn: date("ordered_due_on"),
    identityLevel: smallint("identity_level").notNull().default(0),
    /** It came by the public form, and the person has proved no line or address yet. The desk lists it apart. */
    isUnproven: boolean("is_unproven").notNull().default(false),
    /** Keyed digest of the code by which the person follows it. Null: it was registered by hand. */
    followUpDigest: bytes("follow_up_digest"),
    assigneeId: uuid("assignee_id").references(() => users.id),
    /** Whether a right is still to be answered. */
    isOpen: boolean("is_open").notNull().default(true),
    /** The first clock that ends, of the rights to be answered; of all rights once none is. */
    dueUntil: instant("due_until").notNull(),
    /** When the last of its rights was closed. Its own retention counts from here. */
    closedAt: instant("closed_at"),
    emptiedAt: instant("emptied_at"),
    /** Once it is emptied: how many recordings were counted as the person's, and how many not. */
    recordingsIncluded: integer("recordings_included"),
    recordingsExcluded: integer("recordings_excluded"),
  },
  (table) => [
    index("subject_requests_due").on(table.dueUntil, table.id),
    /** Of the statistics. */
    index("subject_requests_received").on(table.receivedAt),
    index("subject_requests_open")
      .on(table.dueUntil, table.id)
      .where(sql`is_open and not is_unproven`),
    index("subject_requests_unproven")
      .on(table.dueUntil, table.id)
      .where(sql`is_open and is_unproven`),
    index("subject_requests_assignee")
      .on(table.assigneeId, table.dueUntil, table.id)
      .where(sql`is_open`),
    index("subject_requests_closed")
      .on(table.closedAt, table.id)
      .where(sql`closed_at is not null and emptied_at is null`),
    /** Ended and never closed. */
    index("subject_requests_ended")
      .on(table.createdAt, table.id)
      .where(sql`not is_open and closed_at is null and emptied_at is null`),
    index("subject_requests_never_proved")
      .on(table.createdAt, table.id)
      .where(sql`is_open and is_unproven`),
    check("subject_requests_identity_level", sql`identity_level between 0 and 4`),
    check("subject_requests_closure", sql`closed_at is null or not is_open`),
    check("subject_requests_unproven_web", sql`not is_unproven or channel = 'web'`),
    check(
      "subject_requests_emptied",
      sql.raw(
        "emptied_at is null or (closed_at is not null and num_nonnulls(form_digest, follow_up_digest, " +
          "subject_name_encrypted, requester_name_encrypted, authority_reference_encrypted, words_encrypted, " +
          "answer_address_encrypted) = 0)",
      ),
    ),
  ],
).enableRLS();

/** One process for each right of a request, with a clock of its own. */
export const subjectRequestRights = pgTable(
  "subject_request_rights",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    right: text("right_code", { enum: requestRights }).notNull(),
    state: text("state", { enum: processStates }).notNull().default("received"),
    /** The state to which it returns from `awaiting_subject`. */
    stateBefore: text("state_before", { enum: processStates }),
    /** The deadline as it was at receipt: a later change of the company's deadlines does not move it. */
    days: integer("days").notNull(),
    deadlineKind: text("deadline_kind", { enum: ["law", "practice", "order"] }).notNull(),
    deadlineSource: text("deadline_source").notNull(),
    /** The first instant after the last day. */
    dueUntil: instant("due_until").notNull(),
    outcome: text("outcome", { enum: processOutcomes }),
    /** With the outcome `scheduled`: the last day that the data is kept, inclusive. */
    scheduledFor: date("scheduled_for"),
    createdAt: createdAt(),
    /** Null again once it is reopened. */
    answeredAt: instant("answered_at"),
    closedAt: instant("closed_at"),
  },
  (table) => [
    unique("subject_request_rights_once").on(table.requestId, table.right),
    index("subject_request_rights_state").on(table.state, table.requestId),
    check("subject_request_rights_waiting", sql`(state = 'awaiting_subject') = (state_before is not null)`),
    check("subject_request_rights_schedule", sql`scheduled_for is null or outcome = 'scheduled'`),
    check("subject_request_rights_closure", sql`(state = 'closed') = (closed_at is not null)`),
  ],
).enableRLS();

/** What happened to a request, in order. Rows are never deleted; only their free text is emptied. */
export const subjectRequestEvents = pgTable(
  "subject_request_events",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    /** Null: it concerns the whole request. */
    processId: uuid("process_id").references(() => subjectRequestRights.id),
    /** `registered`, `assigned`, or a step of a process. */
    kind: text("kind").notNull(),
    stateFrom: text("state_from", { enum: processStates }),
    stateTo: text("state_to", { enum: processStates }),
    /** Why, in the words of whoever did it. May name people. */
    reasonEncrypted: bytes("reason_encrypted"),
    actorType: text("actor_type", { enum: ["user", "job", "anonymous"] }).notNull(),
    /** Null: the person, on the public pages, or a job. */
    actorId: uuid("actor_id"),
    createdAt: createdAt(),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    index("subject_request_events_request").on(table.requestId, table.id),
    check("subject_request_events_emptied", sql`emptied_at is null or reason_encrypted is null`),
  ],
).enableRLS();

/** What recordings may be found by, as the person said it: encrypted, with the digests by which recordings have it. */
export const subjectRequestIdentifiers = pgTable(
  "subject_request_identifiers",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    kind: text("kind", { enum: identifierKinds }).notNull(),
    /** What a number, CPF or CNPJ was read as. */
    readAs: text("read_as"),
    valueEncrypted: bytes("value_encrypted"),
    /** Null for what finds nothing: a number or CPF that could not be read. */
    valueIndex: bytes("value_index"),
    numberTailIndex: bytes("number_tail_index"),
    numberLastFourIndex: bytes("number_last_four_index"),
    /** The number had another owner for a time: what it finds is decided call by call. */
    changedHands: boolean("changed_hands").notNull().default(false),
    createdAt: createdAt(),
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    index("subject_request_identifiers_request").on(table.requestId, table.id),
    index("subject_request_identifiers_value")
      .on(table.valueIndex, table.requestId)
      .where(sql`value_index is not null`),
    check(
      "subject_request_identifiers_emptied",
      sql.raw(
        "(emptied_at is null) = (value_encrypted is not null) and (emptied_at is null or " +
          "num_nonnulls(value_index, number_tail_index, number_last_four_index) = 0)",
      ),
    ),
  ],
).enableRLS();
