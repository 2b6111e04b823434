import { z } from "zod";
import { signedSealSchema } from "@/lib/audit/seal";
import { hash } from "node:crypto";

/** Gravação, execução, ordem. */
const letters = { recording: "G", run: "E", order: "O" } as const;

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const moment = z.iso.datetime({ precision: 3 });

const count = z.int().nonnegative();

/** The part that an event plays in a deletion. */
export const evidenceSteps = ["ordered", "approved", "started", "marked", "deleted", "ended", "reduced"] as const;

/**
 * An event of the audit log under its seal. An event about a person's action is given only by its digest, because it
 * holds their network address. Holders of the log find it by the digest or the id.
 */
const evidence = z.strictObject({
  step: z.enum(evidenceSteps),
  eventId: z.uuid(),
  event: z.record(z.string(), z.unknown()).nullable(),
  leaf: digest,
  seal: z.int().positive(),
  index: count,
  path: z.array(digest).max(64),
});

/** Staff are identified by id and role only: third parties read receipts. */
const asked = z.strictObject({
  type: z.enum(["user", "service", "job", "anonymous"]),
  id: z.string().nullable(),
  role: z.string().nullable(),
});

const storeDeletion = z.strictObject({
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
const remainder = z.strictObject({ what: z.enum(remainders), until: moment.nullable() });

/**
 * The method that may be claimed (NIST SP 800-88 Rev. 2). Deletion through a store's interface does not sanitise media.
 * Destroying the only key of data that was always encrypted is cryptographic erase; it is complete once no database
 * backup holds the wrapped key.
 */
const method = z.strictObject({
  standard: z.literal("NIST SP 800-88 Rev. 2"),
  technique: z.literal("all_versions_deleted_and_absence_proved"),
  cryptographicErase: z
    .strictObject({ dataKeysDestroyed: z.int().positive(), recordings: count, completeAt: moment })
    .nullable(),
});

const policy = z.strictObject({
  id: z.uuid(),
  version: z.int().positive().nullable(),
  legalBasis: z.string().nullable(),
  source: z.string().nullable(),
});

const common = {
  type: z.literal("custodia.deletion-receipt.v1"),
  number: z.string(),
  controller: z.string(),
  method,
  remains: z.array(remainder),
  evidence: z.array(evidence),
  seals: z.array(signedSealSchema),
  signingKeyId: z.string(),
};

export const recordingReceipt = z.strictObject({
  ...common,
  scope: z.literal("recording"),
  recording: z.strictObject({ id: z.uuid(), sha256: digest.nullable(), sizeBytes: count.nullable() }),
  deletion: z.strictObject({
    reason: z.string(),
    legalGrounds: z.array(z.string()),
    policy: policy.nullable(),
    retainUntil: moment.nullable(),
    minimumUntil: moment.nullable(),
    orderId: z.uuid().nullable(),
    runId: z.uuid().nullable(),
    askedAt: moment,
    askedBy: asked,
    approvedBy: asked.nullable(),
    markedAt: moment,
    finishedAt: moment,
    ledgerSequence: z.int().positive(),
    /** True if a restore of the database brought the row back and it was deleted again. */
    replayed: z.boolean(),
  }),
  stores: z.array(storeDeletion).min(1),
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

const summary = {
  ...common,
  totals: totalsSchema,
  /** The lines before the receipt: one sealed `recording.deleted` event for each recording. */
  list: z.strictObject({ events: count, seals: count, sha256: digest }),
};

export const runReceipt = z.strictObject({
  ...summary,
  scope: z.literal("run"),
  run: z.strictObject({
    id: z.uuid(),
    state: z.string(),
    startedAt: moment,
    finishedAt: moment,
    due: count,
    marked: count,
    deleted: count,
    failed: count,
    held: count,
    remaining: count,
  }),
});

export const orderReceipt = z.strictObject({
  ...summary,
  scope: z.literal("order"),
  order: z.strictObject({
    id: z.uuid(),
    reason: z.string(),
    legalGrounds: z.array(z.string()),
    expected: count,
    marked: count,
    /** Of those marked, how many a legal hold brought back before they were erased; only where there are some. */
    kept: count.optional(),
    askedAt: moment,
    askedBy: asked,
    approvedBy: asked.nullable(),
    finishedAt: moment,
  }),
});

export const receiptSchema = z.discriminatedUnion("scope", [recordingReceipt, runReceipt, orderReceipt]);

export const signedReceiptSchema = z.strictObject({
  receipt: receiptSchema,
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

export type Receipt = z.output<typeof receiptSchema>;

export type RecordingReceipt = z.output<typeof recordingReceipt>;

export type RunReceipt = z.output<typeof runReceipt>;

export type OrderReceipt = z.output<typeof orderReceipt>;

export type SummaryReceipt = RunReceipt | OrderReceipt;

export type SignedReceipt = z.output<typeof signedReceiptSchema>;

export type Evidence = z.output<typeof evidence>;

export type EvidenceStep = Evidence["step"];

export type Asked = z.output<typeof asked>;

export type Totals = z.output<typeof totalsSchema>;

export type Remainder = z.output<typeof remainder>;

export type Method = z.output<typeof method>;

/** The certificate's number, derived from its subject: each issue has the same number, without a counter. */
export function receiptNumber(scope: Receipt["scope"], id: string, finishedAt: Date): string {
  const day = finishedAt.toISOString().slice(0, 10).replaceAll("-", "");
  return `${letters[scope]}-${day}-${hash("sha256", `${scope}:${id}`, "hex").slice(0, 12).toUpperCase()}`;
}

/** The subject of a receipt: its id, and when the deletion ended. */
export function subjectOf(receipt: Receipt): { id: string; finishedAt: Date } {
  if (receipt.scope === "recording")
    return { id: receipt.recording.id, finishedAt: new Date(receipt.deletion.finishedAt) };
  const { id, finishedAt } = receipt.scope === "run" ? receipt.run : receipt.order;
  return { id, finishedAt: new Date(finishedAt) };
}
