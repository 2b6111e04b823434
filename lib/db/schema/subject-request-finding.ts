import { sql } from "drizzle-orm";
import { check, date, index, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytes, createdAt, id, instant } from "@/lib/db/schema/columns";
import { recordings } from "@/lib/db/schema/recordings";
import { matchDecisions, type MatchReason, matchReasons } from "@/lib/db/schema/subject-request-words";
import { subjectRequests } from "@/lib/db/schema/subject-requests";
import { users } from "@/lib/db/schema/users";

/** One question of a search, and how many recordings in custody answered it. */
export type SearchedFor = {
  reason: MatchReason;
  /** The identifier of the request, or the agent, that was searched for. */
  identifierId?: string;
  agentId?: string;
  found: number;
  /** Candidates beyond the limit were left out: a period makes them fewer. */
  isCut?: true;
  /** Not searched: with so few digits a period is needed. */
  needsPeriod?: true;
  /** Not searched: nobody proved that the identifier is of the person. */
  notProved?: true;
};

/** What was searched for a request, when and by whom: kept also where nothing was found. */
export const subjectRequestSearches = pgTable(
  "subject_request_searches",
  {
    id: id(),
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    searchedById: uuid("searched_by_id")
      .notNull()
      .references(() => users.id),
    /** The calls searched, by day in each unit's zone, both inclusive. Null: no limit. */
    periodFrom: date("period_from"),
    periodTo: date("period_to"),
    searchedFor: jsonb("searched_for").$type<SearchedFor[]>().notNull(),
    /** The stores whose recordings the register lists: all of them were searched, by the register. */
    stores: text("stores").array().notNull(),
    createdAt: createdAt(),
    /** Without period and agents, the counts stay. */
    emptiedAt: instant("emptied_at"),
  },
  (table) => [
    index("subject_request_searches_request").on(table.requestId, table.id),
    check(
      "subject_request_searches_emptied",
      sql.raw(
        "emptied_at is null or (num_nonnulls(period_from, period_to) = 0 and " +
          "not jsonb_path_exists(searched_for, '$[*].agentId'))",
      ),
    ),
  ],
).enableRLS();

/** A recording that a search found for a request, why, and whether a person counts it as the subject's. */
export const subjectRequestMatches = pgTable(
  "subject_request_matches",
  {
    requestId: uuid("request_id")
      .notNull()
      .references(() => subjectRequests.id),
    recordingId: uuid("recording_id")
      .notNull()
      .references(() => recordings.id),
    reasons: text("reasons", { enum: matchReasons }).array().notNull(),
    /** The identifiers that found it. */
    identifierIds: uuid("identifier_ids").array().notNull(),
    /** Start of the call as it was when the recording was found. The list is sorted by it. */
    startedAt: instant("started_at").notNull(),
    decision: text("decision", { enum: matchDecisions }),
    /** Why, AES-256-GCM. */
    decisionReasonEncrypted: bytes("decision_reason_encrypted"),
    decidedById: uuid("decided_by_id").references(() => users.id),
    decidedAt: instant("decided_at"),
    createdAt: createdAt(),
  },
  (table) => [
    primaryKey({ columns: [table.requestId, table.recordingId] }),
    index("subject_request_matches_started").on(table.requestId, table.startedAt, table.recordingId),
    index("subject_request_matches_recording").on(table.recordingId),
    check("subject_request_matches_decision", sql`num_nonnulls(decision, decided_by_id, decided_at) in (0, 3)`),
  ],
).enableRLS();
