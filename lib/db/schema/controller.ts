import { boolean, date, integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { createdAt, id } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

/**
 * Who the controller and its encarregado (LGPD Art. 41) were: one row for each change, never updated or deleted. The
 * highest version is in force. Null: nobody has said it.
 */
export const controllerVersions = pgTable("controller_versions", {
  id: id(),
  /** Counts from 1 without gaps; unique, so that of two changes of one version the second fails. */
  version: integer("version").notNull().unique(),
  createdAt: createdAt(),
  createdById: uuid("created_by_id")
    .notNull()
    .references(() => users.id),
  legalName: text("legal_name").notNull(),
  tradeName: text("trade_name"),
  /** 14 digits and letters, without punctuation. */
  cnpj: text("cnpj"),
  address: text("address"),
  email: text("email"),
  /** E.164, as all phone numbers here. */
  phone: text("phone"),
  privacyNoticeUrl: text("privacy_notice_url"),
  /** IANA time zone in which legal deadlines are counted. */
  deadlineTimeZone: text("deadline_time_zone").notNull(),
  /** The encarregado, or the person who answers for the company that is the encarregado. */
  officerName: text("officer_name"),
  /** Set if a company is the encarregado. */
  officerFirm: text("officer_firm"),
  /** Where data subjects reach the encarregado, or the channel of a small agent that has none. */
  contactEmail: text("contact_email"),
  contactPhone: text("contact_phone"),
  /** The formal act: "Portaria 12/2026". */
  officerAppointment: text("officer_appointment"),
  officerAppointedOn: date("officer_appointed_on"),
  officerUserId: uuid("officer_user_id").references(() => users.id),
  substituteName: text("substitute_name"),
  substituteAppointment: text("substitute_appointment"),
  substituteAppointedOn: date("substitute_appointed_on"),
  substituteUserId: uuid("substitute_user_id").references(() => users.id),
  /** An administrator who may approve what a request erases or lets hear. */
  approverUserId: uuid("approver_user_id").references(() => users.id),
  /** A small processing agent (Res. CD/ANPD 2/2022), with the reason why the company is one. */
  smallAgent: boolean("small_agent").notNull(),
  smallAgentReason: text("small_agent_reason"),
  /** Minutes without use after which a session ends: of DPO and administrators, and of the others. */
  idleMinutesPrivileged: integer("idle_minutes_privileged").notNull().default(30),
  idleMinutesOthers: integer("idle_minutes_others").notNull().default(720),
  /** Sessions that one person may have at once. The next sign-in ends the oldest. */
  maxSessions: integer("max_sessions").notNull().default(5),
}).enableRLS();
