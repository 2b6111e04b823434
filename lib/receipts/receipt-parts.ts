import { z } from "zod";

export const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const moment = z.iso.datetime({ precision: 3 });

export const count = z.int().nonnegative();

/** The part that an event plays in a deletion. */
export const evidenceSteps = ["ordered", "approved", "started", "marked", "deleted", "ended", "reduced"] as const;

/**
 * An event of the audit log under its seal. An event about a person's action is given only by its digest, because it
 * holds their network address. Holders of the log find it by the digest or the id.
 */
export const evidence = z.strictObject({
  step: z.enum(evidenceSteps),
  eventId: z.uuid(),
  event: z.record(z.string(), z.unknown()).nullable(),
  leaf: digest,
  seal: z.int().positive(),
  index: count,
  path: z.array(digest).max(64),
});

/** Staff are identified by id and role only: third parties read receipts. */
export const asked = z.strictObject({
  type: z.enum(["user", "service", "job", "anonymous"]),
  id: z.string().nullable(),
  role: z.string().nullable(),
});

export const storeDeletion = z.strictObject({
  store: z.string(),
  kind: z.enum(["disk", "s3", "supabase", "copy"]),
  objectKeys: count,
  versionsDeleted: count,
  deleteMarkersDeleted: count,
  unfinishedUploadsAborted: count,
  provedAbsentAt: moment,
});

export const remainders = [
  "minimal_record",
  "audit_events",
  "erasure_ledger",
  "upload_tickets",
  "playback_grants",
  "database_backups",
] as const;

/** Data that remains, and until when; null if it has no end date. Nothing remains in the stores. */
export const remainder = z.strictObject({ what: z.enum(remainders), until: moment.nullable() });

/**
 * The method that may be claimed (NIST SP 800-88 Rev. 2). Deletion through a store's interface does not sanitise media.
 * Destroying the only key of data that was always encrypted is cryptographic erase; it is complete once no database
 * backup holds the wrapped key.
 */
export const method = z.strictObject({
  standard: z.literal("NIST SP 800-88 Rev. 2"),
  technique: z.literal("all_versions_deleted_and_absence_proved"),
  cryptographicErase: z
    .strictObject({ dataKeysDestroyed: z.int().positive(), recordings: count, completeAt: moment })
    .nullable(),
});

export const policy = z.strictObject({
  id: z.uuid(),
  version: z.int().positive().nullable(),
  legalBasis: z.string().nullable(),
  source: z.string().nullable(),
});

export const totalsSchema = z.strictObject({
  recordings: count,
  versionsDeleted: count,
  deleteMarkersDeleted: count,
  unfinishedUploadsAborted: count,
  dataKeysDestroyed: count,
  contentKeysDestroyed: count,
  stores: z.array(z.string()),
  firstDeletedAt: moment.nullable(),
  lastDeletedAt: moment.nullable(),
  lastProvedAbsentAt: moment.nullable(),
});

export type Evidence = z.output<typeof evidence>;

export type EvidenceStep = Evidence["step"];

export type Asked = z.output<typeof asked>;

export type Totals = z.output<typeof totalsSchema>;

export type Remainder = z.output<typeof remainder>;

export type Method = z.output<typeof method>;
