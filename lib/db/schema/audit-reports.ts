import { sql } from "drizzle-orm";
import {
  bigint,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import type { StoreDeletionProof } from "@/lib/db/schema/recording-words";
import { users } from "@/lib/db/schema/users";

/** How often a report is made by itself. */
export const reportSchedules = ["monthly", "quarterly"] as const;

/**
 * `pdf`: the signed report. `figures`: its figures. `accesses`: every access to audio, `reviews`: every decision on a
 * person's access, one in a row.
 */
export const reportFileKinds = ["pdf", "figures", "accesses", "reviews"] as const;

/** What the verification of the log found for the period. `nothing_to_verify`: it has no sealed event. */
export const reportVerdicts = ["whole", "broken", "unchecked", "nothing_to_verify"] as const;

/**
 * Reports of the audit log, in custody with their own deletion date. waiting -> storing -> ready; then
 * deleting -> deleted.
 */
export const auditReports = pgTable(
  "audit_reports",
  {
    id: id(),
    /** Null: somebody asked for it. */
    schedule: text("schedule", { enum: reportSchedules }),
    /** Calendar days in the controller's zone, both inclusive. */
    fromDay: date("from_day").notNull(),
    toDay: date("to_day").notNull(),
    locale: text("locale").notNull(),
    /** Null: the schedule, or a command in the terminal. */
    requestedById: uuid("requested_by_id").references(() => users.id),
    createdAt: createdAt(),
    /** The last day on which it is kept, inclusive, in the controller's zone. */
    keepUntil: date("keep_until").notNull(),
    state: text("state", { enum: ["waiting", "storing", "ready", "deleting", "deleted"] })
      .notNull()
      .default("waiting"),
    /** Until then a process may be writing its objects. Null: nobody is. */
    storingUntil: instant("storing_until"),
    verdict: text("verdict", { enum: reportVerdicts }),
    /** One line of JSON with the hashes of the files, signed by the installation's key. Names nobody. */
    statement: text("statement"),
    madeAt: instant("made_at"),
    deletedAt: instant("deleted_at"),
    deletionProof: jsonb("deletion_proof").$type<StoreDeletionProof[]>(),
  },
  (table) => [
    uniqueIndex("audit_reports_scheduled")
      .on(table.schedule, table.fromDay)
      .where(sql`schedule is not null`),
    index("audit_reports_created").on(table.createdAt, table.id),
    index("audit_reports_due")
      .on(table.keepUntil, table.id)
      .where(sql`state <> 'deleted'`),
    check("audit_reports_period", sql`from_day <= to_day`),
    check("audit_reports_ready", sql`state <> 'ready' or num_nonnulls(verdict, statement, made_at) = 3`),
  ],
).enableRLS();

/** The files of a report. The row is the only place that names the object. */
export const auditReportFiles = pgTable(
  "audit_report_files",
  {
    reportId: uuid("report_id")
      .notNull()
      .references(() => auditReports.id),
    kind: text("kind", { enum: reportFileKinds }).notNull(),
    /** Null: deleted. */
    objectKey: text("object_key").unique(),
    objectVersionId: text("object_version_id"),
    objectEtag: text("object_etag"),
    contentType: text("content_type"),
    sizeBytes: bigint("size_bytes", { mode: "number" }),
    sha256: bytes("sha256"),
  },
  (table) => [primaryKey({ columns: [table.reportId, table.kind] })],
).enableRLS();

/** What counts as much: from this number on. */
export type OversightThresholds = {
  /** Accesses of one person within an hour. */
  manyAccesses: number;
  /** Accesses to calls of one number within a day. */
  sameNumber: number;
  /** Accesses of one person outside working hours, within a day. */
  offHours: number;
  /** Refusals of one person within a day. */
  refusals: number;
  /** Searches by number of one person within a day. */
  numberSearches: number;
  /** Events of one export of the log. */
  largeExport: number;
};

/** Which reports are made, and from when on figures count as much. One row for each change: the last is in force. */
export const oversightSettings = pgTable(
  "oversight_settings",
  {
    id: id(),
    createdAt: createdAt(),
    changedById: uuid("changed_by_id")
      .notNull()
      .references(() => users.id),
    schedules: text("schedules", { enum: reportSchedules }).array().notNull(),
    locale: text("locale").notNull(),
    /** Working hours on Monday to Friday, minutes of the day in the controller's zone, half-open. */
    workFrom: integer("work_from").notNull(),
    workTo: integer("work_to").notNull(),
    thresholds: jsonb("thresholds").$type<OversightThresholds>().notNull(),
  },
  () => [check("oversight_settings_hours", sql`work_from >= 0 and work_from < work_to and work_to <= 1440`)],
).enableRLS();
