import { z } from "zod";
import { signedSealSchema } from "@/lib/audit/seal";
import {
  asked,
  count,
  digest,
  evidence,
  method,
  moment,
  policy,
  remainder,
  storeDeletion,
  totalsSchema,
} from "@/lib/receipts/receipt-parts";

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
  recording: z.strictObject({
    ...{ id: z.uuid(), sha256: digest.nullable(), sizeBytes: count.nullable() },
    /** The beginning of a keyed digest of its call's id: the same for the recordings of one call. */
    call: z.string().optional(),
    /** The copy for browsers that was kept beside it, and deleted with it. */
    playableCopy: z.strictObject({ sha256: digest, sizeBytes: count }).optional(),
    /** Audio that was made of it for requests, kept beside it, and deleted with it. */
    derivedFiles: z.array(z.strictObject({ sha256: digest, sizeBytes: count })).optional(),
  }),
  deletion: z.strictObject({
    reason: z.string(),
    legalGrounds: z.array(z.string()),
    /** The provision in words, where the ground is `other`. */
    groundWords: z.string().optional(),
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
    /** The provision in words, where the ground is `other`. */
    groundWords: z.string().optional(),
    expected: count,
    /** The calls that the expected recordings are of; not in receipts of before they were counted. */
    calls: count.optional(),
    marked: count,
    /** Of those marked, how many a legal hold brought back before they were erased; only where there are some. */
    kept: count.optional(),
    askedAt: moment,
    askedBy: asked,
    approvedBy: asked.nullable(),
    finishedAt: moment,
  }),
});

/** The formats of a download. */
export const receiptFormats = ["json", "pdf"] as const;

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
