import { sql } from "drizzle-orm";
import { boolean, check, date, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { users } from "@/lib/db/schema/users";

/** Kinds of personal data that an incident may affect. */
export const incidentDataKinds = [
  "identification",
  "contact",
  "voice",
  "call_content",
  "financial",
  "health",
  "other_sensitive",
  "authentication",
  "staff",
] as const;

/** What makes an incident notifiable, beside its effect (Res. CD/ANPD 15/2024, Art. 5). */
export const incidentCriteria = [
  "sensitive",
  "minors_or_elderly",
  "financial",
  "authentication",
  "professional_secrecy",
  "large_scale",
] as const;

export const incidentEffects = ["unknown", "significant", "not_significant"] as const;

/** Notices of an incident: to the ANPD, its complement, to each person, to the public. */
export const incidentNoticeKinds = ["anpd", "anpd_complement", "subjects_individual", "subjects_public"] as const;

/**
 * The register of security incidents (Res. CD/ANPD 15/2024, Art. 10): also of those that nobody is told of. Rows are
 * never deleted. Texts may name people: AES-256-GCM.
 */
export const incidents = pgTable(
  "incidents",
  {
    id: id(),
    /** Counts from 1 without gaps. */
    number: integer("number").notNull().unique(),
    createdAt: createdAt(),
    registeredById: uuid("registered_by_id")
      .notNull()
      .references(() => users.id),
    /** Counts the changes, so that of two forms of one version the second fails. */
    version: integer("version").notNull().default(1),
    /** When the controller knew that personal data was affected: the clock starts here. Null: only suspected. */
    knownAt: instant("known_at"),
    /** IANA zone in which its clock counts, as the controller's was at registration. */
    timeZone: text("time_zone").notNull(),
    /** The controller was a small agent at registration: deadlines are double (Res. CD/ANPD 2/2022). */
    isSmallAgent: boolean("is_small_agent").notNull(),
    occurredFrom: instant("occurred_from"),
    occurredTo: instant("occurred_to"),
    effect: text("effect", { enum: incidentEffects }).notNull().default("unknown"),
    criteria: text("criteria", { enum: incidentCriteria }).array().notNull().default([]),
    dataKinds: text("data_kinds", { enum: incidentDataKinds }).array().notNull().default([]),
    /** As people estimate it; the portal counts what it can find. */
    subjectsEstimated: integer("subjects_estimated"),
    circumstancesEncrypted: bytes("circumstances_encrypted").notNull(),
    risksEncrypted: bytes("risks_encrypted"),
    measuresEncrypted: bytes("measures_encrypted"),
    /** Why nobody is told, or why later than the law says. */
    noticeReasonEncrypted: bytes("notice_reason_encrypted"),
    closedAt: instant("closed_at"),
    closedById: uuid("closed_by_id").references(() => users.id),
  },
  (table) => [
    index("incidents_open")
      .on(table.id)
      .where(sql`closed_at is null`),
    check("incidents_closed", sql`(closed_at is null) = (closed_by_id is null)`),
    check("incidents_times", sql`coalesce(occurred_from <= occurred_to, true)`),
  ],
).enableRLS();

/** The recordings that an incident affected. */
export const incidentRecordings = pgTable(
  "incident_recordings",
  {
    incidentId: uuid("incident_id")
      .notNull()
      .references(() => incidents.id),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    createdAt: createdAt(),
  },
  (table) => [primaryKey({ columns: [table.incidentId, table.recordingId] })],
).enableRLS();

/** What was told, to whom, when and in which words. Rows never change. */
export const incidentNotices = pgTable(
  "incident_notices",
  {
    id: id(),
    incidentId: uuid("incident_id")
      .notNull()
      .references(() => incidents.id),
    kind: text("kind", { enum: incidentNoticeKinds }).notNull(),
    sentAt: instant("sent_at").notNull(),
    /** Of a public notice: the last day that it is shown, inclusive. */
    shownUntil: date("shown_until"),
    subjectsTold: integer("subjects_told"),
    /** Protocol of the ANPD, address of the notice, and the text: AES-256-GCM. */
    referenceEncrypted: bytes("reference_encrypted"),
    textEncrypted: bytes("text_encrypted").notNull(),
    recordedById: uuid("recorded_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
  },
  (table) => [index("incident_notices_incident").on(table.incidentId, table.id)],
).enableRLS();

/** Days of state, city or company that are no business days, beside the national holidays. */
export const ownHolidays = pgTable("own_holidays", {
  day: date("day").primaryKey(),
  name: text("name").notNull(),
  addedById: uuid("added_by_id").notNull(),
  createdAt: createdAt(),
}).enableRLS();
