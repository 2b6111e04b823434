import { sql } from "drizzle-orm";
import { index, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id } from "@/lib/db/schema/columns";

/** A team of the company. Supervisors see the recordings of their units only. */
export const units = pgTable("units", {
  id: id(),
  /** The code that phone systems send: "cobranca". */
  code: text("code").notNull().unique(),
  name: text("name").notNull(),
  /** IANA time zone in which the portal shows this unit's times. */
  timeZone: text("time_zone").notNull(),
  /** Of numbers that its phone system gives without one: "11". */
  areaCode: text("area_code"),
  /** Digits that its phone system dials for an outside line: "0". */
  outsidePrefix: text("outside_prefix"),
  createdAt: createdAt(),
}).enableRLS();

/** Created the first time that a phone system names it. */
export const queues = pgTable(
  "queues",
  {
    id: id(),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
    code: text("code").notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique("queues_unit_code").on(table.unitId, table.code)],
).enableRLS();

/**
 * The person who handled the call, identified by the phone system's code. Agents are data subjects too: names are
 * encrypted.
 */
export const agents = pgTable(
  "agents",
  {
    id: id(),
    unitId: uuid("unit_id")
      .notNull()
      .references(() => units.id),
    code: text("code").notNull(),
    nameEncrypted: bytes("name_encrypted"),
    /** Keyed digests of the words of the name, for searching. Null for earlier names until a job made them. */
    nameIndex: text("name_index").array(),
    createdAt: createdAt(),
  },
  (table) => [
    unique("agents_unit_code").on(table.unitId, table.code),
    index("agents_code").on(table.code),
    index("agents_name").using("gin", table.nameIndex),
    index("agents_names_to_index")
      .on(table.id)
      .where(sql`name_encrypted is not null and name_index is null`),
  ],
).enableRLS();
