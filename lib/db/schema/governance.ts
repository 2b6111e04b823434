import { sql } from "drizzle-orm";
import { check, date, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { users } from "@/lib/db/schema/users";

export const officerRoles = ["officer", "substitute"] as const;

/**
 * Who was encarregado and substitute from when to when, by which act (LGPD Art. 41; Res. CD/ANPD 18/2024, Art. 3, 4).
 * Rows are never deleted; an entry made in error is voided and stays.
 */
export const officerTerms = pgTable(
  "officer_terms",
  {
    id: id(),
    role: text("role", { enum: officerRoles }).notNull(),
    /** Public by law. */
    name: text("name").notNull(),
    /** The formal act: "Portaria 12/2026". */
    act: text("act").notNull(),
    signedOn: date("signed_on").notNull(),
    startsOn: date("starts_on").notNull(),
    /** The last day, inclusive. Null: without an end. */
    endsOn: date("ends_on"),
    recordedById: uuid("recorded_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    voidedAt: instant("voided_at"),
    voidedById: uuid("voided_by_id").references(() => users.id),
  },
  (table) => [
    index("officer_terms_start").on(table.startsOn),
    check("officer_terms_days", sql`coalesce(starts_on <= ends_on, true)`),
    check("officer_terms_voided", sql`(voided_at is null) = (voided_by_id is null)`),
  ],
).enableRLS();

/** Register of processing (LGPD Art. 37), impact report (Art. 38), balancing test of legitimate interest (Art. 10). */
export const documentKinds = ["processing", "impact", "balancing"] as const;

/** The versions of each document. A version never changes; only its adoption is written later. */
export const governanceDocuments = pgTable(
  "governance_documents",
  {
    id: id(),
    kind: text("kind", { enum: documentKinds }).notNull(),
    /** Counts from 1 without gaps, for each kind. */
    version: integer("version").notNull(),
    /** Facts of the system and texts of people, as JSON. Texts may name people: AES-256-GCM. */
    contentEncrypted: bytes("content_encrypted").notNull(),
    /** SHA-256 of the canonical JSON (RFC 8785), lowercase hex, as in the event. */
    sha256: text("sha256").notNull(),
    createdById: uuid("created_by_id")
      .notNull()
      .references(() => users.id),
    createdAt: createdAt(),
    adoptedAt: instant("adopted_at"),
    adoptedById: uuid("adopted_by_id").references(() => users.id),
  },
  (table) => [
    unique("governance_documents_version").on(table.kind, table.version),
    check("governance_documents_adopted", sql`(adopted_at is null) = (adopted_by_id is null)`),
  ],
).enableRLS();
