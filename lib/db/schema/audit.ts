import { sql } from "drizzle-orm";
import { bigint, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytes, canonicalJson, createdAt, databaseNow, id, instant, transactionId } from "@/lib/db/schema/columns";

/** Only scalars and lists of scalars: ids, codes, counts. Never personal data. */
export type AuditDetails = Record<string, string | number | boolean | null | string[] | number[]>;

/**
 * Append-only: privileges and triggers refuse UPDATE, DELETE and TRUNCATE (drizzle/0002_guards.sql).
 * No foreign keys: an event outlives the rows that it names.
 */
export const auditEvents = pgTable(
  "audit_events",
  {
    id: id(),
    /** The database epoch of the transaction id (`audit_epoch()`): ids restart when a dump is restored elsewhere. */
    epoch: text("epoch")
      .notNull()
      .default(sql`coalesce(nullif(current_setting('custodia.epoch', true), ''), audit_epoch())`),
    transactionId: transactionId("transaction_id")
      .notNull()
      .default(sql`pg_current_xact_id()`),
    occurredAt: instant("occurred_at").notNull(),
    /**
     * The process that wrote the event, and that process's event number. A row deleted before its seal leaves a gap.
     */
    writerId: uuid("writer_id").notNull(),
    writerSequence: bigint("writer_sequence", { mode: "number" }).notNull(),
    /** All events of this writer up to this number were committed when this event was written. */
    writerSettled: bigint("writer_settled", { mode: "number" }).notNull(),
    actorType: text("actor_type", { enum: ["user", "service", "job", "anonymous"] }).notNull(),
    /** User or service account id, or the name of a job. */
    actorId: text("actor_id"),
    actorRole: text("actor_role"),
    action: text("action").notNull(),
    outcome: text("outcome", { enum: ["success", "denied", "failure"] }).notNull(),
    targetType: text("target_type"),
    targetId: text("target_id"),
    /** Unit of the target, for filters. */
    unitId: uuid("unit_id"),
    requestId: uuid("request_id").notNull(),
    /** Set only for users and service accounts, and for sign-ins. */
    ipAddress: text("ip_address"),
    /** The exact text that the MAC covers. */
    details: canonicalJson<AuditDetails>("details").notNull(),
    hmacKeyId: text("hmac_key_id").notNull(),
    /** HMAC-SHA-256 of the event's content (RFC 8785). The database does not hold the key. */
    hmac: bytes("hmac").notNull(),
  },
  (table) => [
    uniqueIndex("audit_events_order").on(table.epoch, table.transactionId, table.id),
    index("audit_events_occurred").on(table.occurredAt, table.id),
    index("audit_events_actor").on(table.actorId, table.occurredAt, table.id),
    index("audit_events_target").on(table.targetId, table.occurredAt, table.id),
    index("audit_events_actor_type").on(table.actorType, table.occurredAt, table.id),
    index("audit_events_request").on(table.requestId),
    index("audit_events_address")
      .on(table.ipAddress, table.occurredAt, table.id)
      .where(sql`ip_address is not null`),
    index("audit_events_action").on(table.action, table.occurredAt, table.id),
    index("audit_events_unsuccessful")
      .on(table.outcome, table.occurredAt, table.id)
      .where(sql`outcome <> 'success'`),
    uniqueIndex("audit_events_writer").on(table.writerId, table.writerSequence),
  ],
).enableRLS();

/** One row for each event of a disclosing action, so that such an event is missed. Append-only like the events. */
export const auditDisclosures = pgTable("audit_disclosures", {
  eventId: uuid("event_id").primaryKey(),
  createdAt: createdAt(),
}).enableRLS();

/** A signed batch: the Merkle root of its events and the hash of the previous seal. */
export const auditSeals = pgTable(
  "audit_seals",
  {
    sequence: bigint("sequence", { mode: "number" }).primaryKey(),
    /** The epoch of the events in the batch. */
    epoch: text("epoch").notNull(),
    /**
     * The epoch at the time of sealing: the folder of the anchor. Differs from `epoch` for events left over from an
     * earlier epoch.
     */
    anchorEpoch: text("anchor_epoch").notNull(),
    /** Events with transactionFrom <= transaction_id < transactionTo. */
    transactionFrom: transactionId("transaction_from").notNull(),
    transactionTo: transactionId("transaction_to").notNull(),
    eventCount: integer("event_count").notNull(),
    merkleRoot: bytes("merkle_root").notNull(),
    previousHash: bytes("previous_hash").notNull(),
    /** For each writer with events in the batch: its highest event number. */
    writers: jsonb("writers").$type<Record<string, number>>().notNull(),
    sealedAt: instant("sealed_at").notNull(),
    hash: bytes("hash").notNull(),
    signingKeyId: text("signing_key_id").notNull(),
    /** Ed25519 over the canonical seal (RFC 8785). */
    signature: bytes("signature").notNull(),
    /**
     * The leaf hashes of the Merkle tree, 32 bytes each, in order. They show which event of a batch was changed after
     * sealing.
     */
    leaves: bytes("leaves").notNull(),
    /** When the seal was written to the object store, outside the database. */
    anchoredAt: instant("anchored_at"),
  },
  (table) => [
    uniqueIndex("audit_seals_range").on(table.epoch, table.transactionFrom),
    index("audit_seals_unanchored")
      .on(table.sequence)
      .where(sql`anchored_at is null`),
  ],
).enableRLS();

/**
 * A checkpoint of the log's tree (RFC 6962) after one seal. A tree begins with each epoch of anchors. Append-only by
 * privileges and triggers, except `publishedAt`.
 */
export const auditCheckpoints = pgTable(
  "audit_checkpoints",
  {
    /** The seal whose events are the last of the tree. */
    sequence: bigint("sequence", { mode: "number" }).primaryKey(),
    /** The seal that began the tree. */
    firstSeal: bigint("first_seal", { mode: "number" }).notNull(),
    /** The name of the tree, the first line of its checkpoints. */
    origin: text("origin").notNull(),
    /** Leaves: the start of the tree and one for each event. */
    size: bigint("size", { mode: "number" }).notNull(),
    root: bytes("root").notNull(),
    /** The roots of the largest complete subtrees, 32 bytes each, from left to right: the next seal extends them. */
    frontier: bytes("frontier").notNull(),
    /** The signed checkpoint (C2SP tlog-checkpoint). */
    note: text("note").notNull(),
    /** When the checkpoint and the tiles of its tree were written to the object store; set for some. */
    publishedAt: instant("published_at"),
  },
  (table) => [
    uniqueIndex("audit_checkpoints_size").on(table.firstSeal, table.size),
    index("audit_checkpoints_published")
      .on(table.sequence)
      .where(sql`published_at is not null`),
  ],
).enableRLS();

/**
 * A witness' cosignature of a published checkpoint. Append-only by privileges and triggers, except `publishedAt`. One
 * that somebody puts here proves nothing: its key is in the row. Those of configured witnesses do.
 */
export const auditCosignatures = pgTable(
  "audit_cosignatures",
  {
    /** The seal of the checkpoint. */
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    /** The key of the witness (C2SP vkey). */
    witness: text("witness").notNull(),
    /** According to the witness. */
    cosignedAt: instant("cosigned_at").notNull(),
    /** The signature line (C2SP tlog-cosignature). */
    line: text("line").notNull(),
    /** When it was written to the object store. */
    publishedAt: instant("published_at"),
  },
  (table) => [
    primaryKey({ columns: [table.witness, table.sequence] }),
    index("audit_cosignatures_seal").on(table.sequence),
  ],
).enableRLS();

/** A time stamp (RFC 3161) of a published checkpoint. Append-only by privileges and triggers, except `publishedAt`. */
export const auditTimestamps = pgTable("audit_timestamps", {
  /** The seal of the checkpoint. */
  sequence: bigint("sequence", { mode: "number" }).primaryKey(),
  /** According to the authority. */
  stampedAt: instant("stamped_at").notNull(),
  /** Its answer in DER (TimeStampResp), over the checkpoint as a signed note. */
  response: bytes("response").notNull(),
  /** When it was written to the object store. */
  publishedAt: instant("published_at"),
}).enableRLS();

/** Who is asked to attest to checkpoints, and what came of the last attempt. */
export const auditAttestors = pgTable("audit_attestors", {
  /** The key of a witness (C2SP vkey), or `timestamps`. */
  id: text("id").primaryKey(),
  /** Since when it is asked. */
  since: instant("since").notNull().default(databaseNow),
  /** Stable code; null after a success. */
  failure: text("failure"),
  failingSince: instant("failing_since"),
  /** The size of the tree that the witness named when it refused a checkpoint of ours. */
  knownSize: bigint("known_size", { mode: "number" }),
}).enableRLS();
